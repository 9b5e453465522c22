import { PacedQueue, type RelayResult, type Reply } from '@postern/exchange'
import type { ResponseRate } from '@postern/routing-table'
import { applyEdits, endToEnd } from './header-list.ts'
import type { NodeExchange } from './node-exchange.ts'
import type { NodeResponse } from './send.ts'

// A body that nobody read is taken in up to here before the connection is closed, so that the client sees the
// answer instead of a reset (RFC 9112 §9.6 calls it a lingering close).
const LINGER_BYTES = 1_048_576
const LINGER_MS = 5_000
const NOTHING: ReadonlySet<string> = new Set()

/** Writes an answer of our own. */
export function reply(exchange: NodeExchange, answer: Reply): Promise<RelayResult> {
  const body = Buffer.from(answer.body, 'utf8')
  const lines = applyEdits(answer.headers.flat(), exchange.responseEdits)
  if (mayHaveBody(answer.status)) lines.push('Content-Length', String(body.length))
  const sent = hasBody(exchange, answer.status) ? body : Buffer.alloc(0)
  const delivered = delivery(exchange, answer.status, () => sent.length)
  writeHead(exchange, answer.status, lines)
  if (sent.length > 0) exchange.client.response.write(sent)
  finish(exchange)
  return delivered
}

/** Writes an upstream's answer: head with edits, then the body as fast as the client takes it, or as the rate allows. */
export function relay(
  exchange: NodeExchange,
  from: NodeResponse,
  rate: ResponseRate | undefined,
): Promise<RelayResult> {
  const { response } = exchange.client
  let bodyBytes = 0
  const delivered = delivery(exchange, from.status, () => bodyBytes)
  if (exchange.clientGone) {
    from.discard()
    return delivered
  }
  writeHead(exchange, from.status, applyEdits(endToEnd(from.lines, NOTHING), exchange.responseEdits))
  const write = (bytes: Uint8Array): boolean => {
    if (!hasBody(exchange, from.status)) return true
    bodyBytes += bytes.length
    return response.write(bytes)
  }
  const askForMore = (): void => from.waitingBody.resume()
  const paced = rate && new PacedQueue(rate, { write, emptied: askForMore })
  const onDrain = paced === undefined ? askForMore : () => paced.resume()
  response.on('drain', onDrain).once('close', () => paced?.stop())
  const end = (trailers: readonly (readonly [string, string])[]): void => {
    response.off('drain', onDrain)
    if (trailers.length > 0)
      response.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]))
    finish(exchange)
  }
  from.waitingBody.flowTo({
    data: (chunk) => {
      if (paced === undefined) return write(chunk)
      paced.push(chunk)
      return paced.wantsMore
    },
    end: (trailers) => (paced === undefined ? end(trailers) : paced.end(() => end(trailers))),
    // The head has left: the only honest sign of a failure is a connection that ends too early.
    fail: (error) => response.destroy(error),
  })
  return delivered
}

function writeHead(exchange: NodeExchange, status: number, lines: string[]): void {
  const { response, mustClose } = exchange.client
  if (mustClose() || exchange.body.isUnread) response.shouldKeepAlive = false
  response.writeHead(status, lines)
}

function finish(exchange: NodeExchange): void {
  const { response, request } = exchange.client
  if (!exchange.body.isUnread) response.end()
  // Whoever waits for a 100 that never came sends nothing: there is nothing to take in.
  else if (request.headers.expect !== undefined && exchange.body.replayable) response.end()
  else exchange.body.drain(LINGER_BYTES, LINGER_MS, () => response.end())
}

/** Resolves when the last byte was handed over, or when the client has gone. */
function delivery(exchange: NodeExchange, status: number, bodyBytes: () => number): Promise<RelayResult> {
  const { response } = exchange.client
  return new Promise((resolve) => {
    const settle = (complete: boolean): void => resolve({ status, bodyBytes: bodyBytes(), complete })
    // What `destroy(error)` reports has been told by the result already.
    response.once('error', () => settle(false))
    response.once('finish', () => settle(true))
    response.once('close', () => settle(false))
    if (response.destroyed) settle(false)
  })
}

function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 304
}

function hasBody(exchange: NodeExchange, status: number): boolean {
  return exchange.method !== 'HEAD' && mayHaveBody(status)
}
