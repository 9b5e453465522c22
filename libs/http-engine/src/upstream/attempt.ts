import { GatewayError, type UpstreamRequest } from '@postern/exchange'
import type { OwnExchange } from '../client/own-exchange.ts'
import type { OwnUpstreamResponse } from './own-upstream-response.ts'

/** What an attempt needs of the connection that carries it. */
export interface Carrier {
  /** The attempt is no longer wanted. */
  abandon(attempt: Attempt): void
}

// RFC 9110 §9.2.2: sent twice, these have the effect of once.
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
// RFC 9110 §9.2.1; TRACE is not served.
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** One request on its way to one endpoint, until its response head is there. */
export class Attempt {
  readonly exchange: OwnExchange
  readonly request: UpstreamRequest
  carrier: Carrier | undefined
  /** The request's head as it will be written. */
  head = ''
  /** Whether a byte of the request has been given to a connection that stood. */
  isSent = false
  /** Whether the one silent repetition on a fresh connection was used. */
  wasResent = false
  isSettled = false
  /** The protocol that this attempt asks to switch to. */
  readonly upgrade: string | undefined
  readonly #resolve: (response: OwnUpstreamResponse) => void
  readonly #reject: (error: GatewayError) => void

  constructor(
    exchange: OwnExchange,
    request: UpstreamRequest,
    resolve: (response: OwnUpstreamResponse) => void,
    reject: (error: GatewayError) => void,
  ) {
    this.exchange = exchange
    this.request = request
    this.upgrade = request.ownHeaders === undefined ? exchange.facts.upgrade : undefined
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Whether the client's body goes along and comes piece by piece. */
  get streamsBody(): boolean {
    const { body } = this.exchange
    return this.request.body === 'exchange' && body.text === undefined && body.framing.kind !== 'none'
  }

  /** The body when it is at hand as a whole. */
  get wholeBody(): string {
    const { body } = this.request
    if (body === 'none') return ''
    return body === 'exchange' ? (this.exchange.body.text ?? '') : Buffer.from(body).toString('latin1')
  }

  /** RFC 9110 §9.2.2: a proxy may repeat by itself only what is idempotent, and only with a body that is still whole. */
  get mayRepeat(): boolean {
    return (
      !this.wasResent &&
      !this.streamsBody &&
      this.upgrade === undefined &&
      IDEMPOTENT.has(this.request.method)
    )
  }

  /** Whether it may travel with others on one connection. */
  get mayShare(): boolean {
    const isBodyless = !this.streamsBody && this.wholeBody === ''
    return (
      this.request.pipelining > 1 && isBodyless && this.upgrade === undefined && SAFE.has(this.request.method)
    )
  }

  cancel(): void {
    this.carrier?.abandon(this)
    this.fail(new GatewayError('client-gone', { detail: 'the client left before the response' }))
  }

  succeed(response: OwnUpstreamResponse): void {
    if (this.isSettled) return response.discard()
    this.isSettled = true
    this.exchange.over(this)
    if (response.isOpen) this.exchange.owes(response)
    this.#resolve(response)
  }

  fail(error: GatewayError): void {
    if (this.isSettled) return
    this.isSettled = true
    this.exchange.over(this)
    this.#reject(error)
  }
}
