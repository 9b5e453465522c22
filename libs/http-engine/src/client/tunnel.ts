import type { RelayResult } from '@postern/exchange'
import type { OwnUpstreamResponse } from '../upstream/own-upstream-response.ts'
import type { Deadlines, Timed } from '../wire/deadlines.ts'
import type { Wire } from '../wire/wire.ts'
import { handOver, type Splice } from '../wire/splice.ts'
import type { OwnExchange } from './own-exchange.ts'
import { switchingHead } from './respond.ts'

/** Passes the 101 on and joins both connections until one side ends or neither sends a byte for `idleMs`. */
export function openTunnel(
  exchange: OwnExchange,
  response: OwnUpstreamResponse,
  idleMs: number,
  deadlines: Deadlines,
): Promise<RelayResult> {
  response.take()
  if (exchange.gone) {
    response.source.abort()
    return Promise.resolve({ status: 101, bodyBytes: 0, complete: false })
  }
  exchange.answered = true
  exchange.client.wire.write(switchingHead(exchange, response))
  return new Promise((resolve) => new Tunnel(exchange, response, idleMs, deadlines, resolve).open())
}

// Time for the last bytes to reach a slow peer.
const CLOSE_MS = 5_000

class Tunnel implements Timed {
  deadline: number
  readonly #exchange: OwnExchange
  readonly #response: OwnUpstreamResponse
  readonly #idleMs: number
  readonly #deadlines: Deadlines
  readonly #resolve: (result: RelayResult) => void
  #bytes = 0
  #isOver = false

  constructor(
    exchange: OwnExchange,
    response: OwnUpstreamResponse,
    idleMs: number,
    deadlines: Deadlines,
    resolve: (result: RelayResult) => void,
  ) {
    this.#exchange = exchange
    this.#response = response
    this.#idleMs = idleMs
    this.#deadlines = deadlines
    this.#resolve = resolve
    this.deadline = deadlines.now + idleMs
  }

  open(): void {
    const client = this.#exchange.client.wire
    const upstream = this.#response.source.wire
    this.#deadlines.watch(this)
    this.#response.source.splice(this.#side(upstream, client, (count) => (this.#bytes += count)))
    this.#exchange.client.splice(this.#side(client, upstream, () => undefined))
  }

  expired(): void {
    this.#over()
  }

  #side(from: Wire, to: Wire, count: (bytes: number) => void): Splice {
    return {
      ...handOver(from, to, (passed) => {
        count(passed)
        this.deadline = this.#deadlines.now + this.#idleMs
      }),
      closed: () => this.#over(),
    }
  }

  // What was written to either side still leaves: both are ended, not cut.
  #over(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#deadlines.forget(this)
    for (const side of [this.#exchange.client, this.#response.source]) {
      side.deadline = this.#deadlines.now + CLOSE_MS
      side.wire.finish()
    }
    this.#resolve({ status: 101, bodyBytes: this.#bytes, complete: true })
  }
}
