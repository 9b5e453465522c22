import type { Dispatcher } from 'undici'
import { GatewayError, type UpstreamRequest, type UpstreamResponse } from '@postern/exchange'
import { applyEdits, endToEnd, FlatHeaderView } from './header-list.ts'
import type { NodeExchange } from './node-exchange.ts'
import { serverNameFor, type Pools } from './pools.ts'
import { UpstreamBody } from './upstream-body.ts'
import { upstreamError } from './upstream-error.ts'

/** The answer of an upstream in this engine: head as received, body still waiting. */
export interface NodeResponse extends UpstreamResponse {
  readonly lines: readonly string[]
  readonly waitingBody: UpstreamBody
}

/** One attempt over a pooled connection. */
export function send(pools: Pools, exchange: NodeExchange, request: UpstreamRequest): Promise<NodeResponse> {
  return new Promise((resolve, reject) => {
    const attempt = new Attempt(request, resolve, reject)
    const stopWatching = exchange.onClientGone(() => attempt.abort(new GatewayError('client-gone')))
    attempt.whenOver(stopWatching)
    if (exchange.clientGone) return attempt.abort(new GatewayError('client-gone'))
    const name = request.tls === undefined ? undefined : serverNameFor(request)
    const options = {
      path: request.target,
      method: request.method,
      headers: requestLines(exchange, request),
      body: bodyOf(exchange, request, attempt),
      headersTimeout: request.timeouts.readMs,
      bodyTimeout: request.timeouts.readMs,
      ...(name !== undefined && { servername: name }),
    }
    // undici's declaration forgets that a body may be any async iterable; its documentation and code do not.
    pools.get(request).dispatch(options as Dispatcher.DispatchOptions, attempt)
  })
}

const NOT_FORWARDED = new Set(['expect', 'host', 'trailer'])
const NOT_FORWARDED_WITHOUT_BODY = new Set([...NOT_FORWARDED, 'content-length'])

/** The header lines of an attempt: what the client sent with the edits, or the request's own. Host stands first. */
export function requestLines(exchange: NodeExchange, request: UpstreamRequest): string[] {
  const dropped = request.body === 'none' ? NOT_FORWARDED_WITHOUT_BODY : NOT_FORWARDED
  const lines =
    request.ownHeaders === undefined
      ? applyEdits(endToEnd(exchange.client.request.rawHeaders, dropped), exchange.requestEdits)
      : endToEnd(request.ownHeaders.flat(), dropped)
  return ['host', request.host, ...lines]
}

function bodyOf(
  exchange: NodeExchange,
  request: UpstreamRequest,
  attempt: Attempt,
): AsyncIterable<Buffer> | Uint8Array | null {
  if (request.body instanceof Uint8Array) return request.body
  if (request.body === 'none' || exchange.body.isEmpty) return null
  return exchange.body.chunks(request.timeouts.sendMs, () =>
    attempt.abort(new GatewayError('upstream-send-timeout')),
  )
}

/** What undici calls during one attempt. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #request: UpstreamRequest
  readonly #resolve: (response: NodeResponse) => void
  readonly #reject: (error: GatewayError) => void
  #controller: Dispatcher.DispatchController | undefined
  #body: UpstreamBody | undefined
  #aborted: GatewayError | undefined
  #over: () => void = () => undefined

  constructor(
    request: UpstreamRequest,
    resolve: (response: NodeResponse) => void,
    reject: (error: GatewayError) => void,
  ) {
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
  }

  whenOver(react: () => void): void {
    this.#over = react
  }

  abort(error: GatewayError): void {
    if (this.#aborted !== undefined) return
    this.#aborted = error
    // Before a connection is found undici has nothing to abort; it is told as soon as it asks.
    if (this.#controller === undefined) this.#fail(error)
    else this.#controller.abort(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted !== undefined) controller.abort(this.#aborted)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return
    const lines = latin1(controller.rawHeaders)
    const body = new UpstreamBody({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      abort: (error) => this.abort(error),
    })
    this.#body = body
    controller.pause()
    this.#resolve({
      status,
      lines,
      headers: new FlatHeaderView(lines),
      endpoint: this.#request.endpoint,
      upgraded: false,
      waitingBody: body,
      text: (maxBytes) => body.text(maxBytes),
      discard: () => body.discard(),
    })
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.onData(chunk)
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#over()
    this.#body?.onEnd(pairs(latin1(controller.rawTrailers)))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(upstreamError(this.#aborted ?? error, this.#controller !== undefined))
  }

  #fail(error: GatewayError): void {
    this.#over()
    if (this.#body === undefined) this.#reject(error)
    else this.#body.onFail(error)
  }
}

function latin1(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
}

function pairs(lines: readonly string[]): (readonly [string, string])[] {
  const result: (readonly [string, string])[] = []
  for (let i = 0; i < lines.length; i += 2) result.push([lines[i] ?? '', lines[i + 1] ?? ''])
  return result
}
