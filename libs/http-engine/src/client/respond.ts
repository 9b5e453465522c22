import type { RelayResult, Reply } from '@postern/exchange'
import type { OutFraming } from '../body/body-writer.ts'
import { ownLines } from '../head/own-lines.ts'
import { CONTENT_LENGTH } from '../head/field-codes.ts'
import { passedFields } from '../head/passed-fields.ts'
import { statusLine } from '../reasons.ts'
import type { OwnUpstreamResponse } from '../upstream/own-upstream-response.ts'
import { httpDate } from './http-date.ts'
import type { OwnExchange } from './own-exchange.ts'

/** How a response leaves: its head, the framing of its body, and whether the connection stays. */
export interface ResponsePlan {
  readonly head: string
  readonly framing: OutFraming
  readonly stays: boolean
}

/** The head of an upstream's answer as the client gets it (RFC 9112 §6.3 for the framing). */
export function planRelay(exchange: OwnExchange, response: OwnUpstreamResponse): ResponsePlan {
  const { headers, status } = response
  const framing = outFraming(exchange, response)
  const stays = framing !== 'close' && exchange.client.canStay(exchange)
  const edits = exchange.madeResponseEdits
  let head = `HTTP/1.1${headers.text.slice(8, response.lineEnd)}\r\n${passedFields(headers, edits)}`
  if (edits !== undefined) head += edits.lines()
  // RFC 9110 §6.6.1: a recipient with a clock adds the date that is missing.
  if (!headers.has('date')) head += httpDate()
  head += lengthField(response, framing, status) + connectionField(exchange, stays) + '\r\n'
  return { head, framing, stays }
}

/** Writes an answer of our own. */
export function writeReply(exchange: OwnExchange, reply: Reply): RelayResult {
  const { client } = exchange
  const { status } = reply
  if (exchange.gone || exchange.answered) return { status, bodyBytes: 0, complete: false }
  exchange.answered = true
  const stays = client.canStay(exchange)
  const mayHaveBody = status >= 200 && status !== 204 && status !== 304
  const bytes = mayHaveBody && reply.body.length > 0 ? Buffer.from(reply.body, 'utf8').toString('latin1') : ''
  const edits = exchange.madeResponseEdits
  let head = statusLine(status)
  head +=
    edits === undefined
      ? ownLines(reply.headers)
      : ownLines(reply.headers.filter(([n]) => !edits.replaces(n, 0, n.length)))
  if (edits !== undefined) head += edits.lines()
  if (!reply.headers.some(([name]) => name.toLowerCase() === 'date')) head += httpDate()
  if (mayHaveBody) head += `Content-Length: ${String(bytes.length)}\r\n`
  const body = exchange.method === 'HEAD' ? '' : bytes
  client.wire.write(`${head}${connectionField(exchange, stays)}\r\n${body}`)
  client.finished(exchange, stays)
  return { status, bodyBytes: body.length, complete: true }
}

/** The head of a 101: both connections leave HTTP behind it. */
export function switchingHead(exchange: OwnExchange, response: OwnUpstreamResponse): string {
  const edits = exchange.madeResponseEdits
  const protocol = response.headers.get('upgrade') ?? exchange.facts.upgrade ?? ''
  const lines = passedFields(response.headers, edits) + (edits === undefined ? '' : edits.lines())
  return `${statusLine(101)}${lines}Connection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`
}

function outFraming(
  { method, facts }: OwnExchange,
  { framing: { kind }, status }: OwnUpstreamResponse,
): OutFraming {
  if (method === 'HEAD' || status === 204 || status === 304) return 'none'
  if (kind === 'length' || kind === 'none') return 'length'
  return facts.minor === 1 ? 'chunked' : 'close'
}

function lengthField(response: OwnUpstreamResponse, framing: OutFraming, status: number): string {
  if (framing === 'chunked') return 'Transfer-Encoding: chunked\r\n'
  if (framing === 'close' || status === 204) return ''
  // An answer to HEAD and a 304 say how long the body would be, when the upstream knows.
  if (framing === 'none') return announcedLength(response)
  const received = response.framing
  return `Content-Length: ${String(received.kind === 'length' ? received.length : 0)}\r\n`
}

function announcedLength({ headers }: OwnUpstreamResponse): string {
  const length = headers.valueOf(CONTENT_LENGTH)
  return length === undefined ? '' : `Content-Length: ${length}\r\n`
}

function connectionField({ facts }: OwnExchange, stays: boolean): string {
  if (!stays) return 'Connection: close\r\n'
  return facts.minor === 1 ? '' : 'Connection: keep-alive\r\n'
}
