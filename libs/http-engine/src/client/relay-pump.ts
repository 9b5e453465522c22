import type { GatewayError, RelayResult } from '@postern/exchange'
import type { ResponseRate } from '@postern/routing-table'
import type { BodyConsumer } from '../body/body-consumer.ts'
import { BodyWriter } from '../body/body-writer.ts'
import type { MessageHead } from '../head/message-head.ts'
import { passedTrailers } from '../head/passed-fields.ts'
import type { OwnUpstreamResponse } from '../upstream/own-upstream-response.ts'
import type { Cancellable, OwnExchange } from './own-exchange.ts'
import { PacedPump } from './paced-pump.ts'
import { planRelay, type ResponsePlan } from './respond.ts'

/** Writes an upstream's answer to the client: one write when it is small, else as fast as the client takes it. */
export function relayResponse(
  exchange: OwnExchange,
  response: OwnUpstreamResponse,
  rate: ResponseRate | undefined,
): RelayResult | Promise<RelayResult> {
  const { client } = exchange
  const { status } = response
  if (exchange.gone) {
    response.discard()
    return { status, bodyBytes: 0, complete: false }
  }
  if (response.failure !== undefined) throw response.failure
  const plan = planRelay(exchange, response)
  response.take()
  exchange.answered = true
  const { whole } = response
  if (whole === undefined || rate !== undefined)
    return new Promise((resolve) => new RelayPump(exchange, response, plan, resolve, rate).start())
  const body = plan.framing === 'none' ? '' : whole
  client.wire.write(plan.head + body)
  client.finished(exchange, plan.stays)
  return { status, bodyBytes: body.length, complete: true }
}

class RelayPump implements BodyConsumer, Cancellable {
  readonly sink: BodyWriter
  readonly #exchange: OwnExchange
  readonly #response: OwnUpstreamResponse
  readonly #plan: ResponsePlan
  readonly #resolve: (result: RelayResult) => void
  readonly #pace: PacedPump | undefined

  constructor(
    exchange: OwnExchange,
    response: OwnUpstreamResponse,
    plan: ResponsePlan,
    resolve: (result: RelayResult) => void,
    rate: ResponseRate | undefined,
  ) {
    this.#exchange = exchange
    this.#response = response
    this.#plan = plan
    this.#resolve = resolve
    this.sink = new BodyWriter(exchange.client.wire, response.source.wire, plan.framing, plan.head)
    this.#pace = rate && new PacedPump(rate, this, () => response.resume())
  }

  start(): void {
    this.#exchange.began(this)
    const { whole } = this.#response
    if (this.#pace !== undefined && whole !== undefined) this.#pace.sendWhole(whole)
    else this.#response.attach(this.#pace ?? this)
    // The head leaves at once also when no byte of the body has come yet: a stream of events may begin with a long silence.
    this.sink.flush()
  }

  progressed(): boolean {
    const { client } = this.#exchange
    this.sink.flush()
    if (!client.wire.congested) return true
    client.awaitDrain(() => (this.#pace ?? this.#response).resume())
    return false
  }

  finished(trailers: MessageHead | undefined): void {
    const { client, facts, madeResponseEdits } = this.#exchange
    this.sink.finish(facts.acceptsTrailers ? passedTrailers(trailers, madeResponseEdits) : '')
    this.#exchange.over(this)
    client.finished(this.#exchange, this.#plan.stays)
    this.#settle(true)
  }

  // The head has left: the only honest sign of a failure is a connection that ends too early.
  failed(_error: GatewayError): void {
    this.#exchange.over(this)
    this.sink.flush()
    this.#exchange.client.cut()
    this.#settle(false)
  }

  /** The client left. */
  cancel(): void {
    this.#pace?.stop()
    // A whole answer has left its connection, which carries somebody else’s by now.
    if (this.#response.isOpen) {
      this.#response.consumer = undefined
      this.#response.source.abort()
    }
    this.#settle(false)
  }

  #settle(complete: boolean): void {
    this.#resolve({ status: this.#response.status, bodyBytes: this.sink.bytes, complete })
  }
}
