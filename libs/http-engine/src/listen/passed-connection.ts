import type { Socket } from 'node:net'
import type { ConnectionFacts, PassedThrough, Passthrough } from '@postern/exchange'
import type { Endpoint } from '@postern/routing-table'
import type { EngineParts } from '../engine-parts.ts'
import type { Timed } from '../wire/deadlines.ts'
import { handOver } from '../wire/splice.ts'
import { IDLE_OWNER, Wire, type WireOwner } from '../wire/wire.ts'
import { reachEndpoint } from './reach-endpoint.ts'

// Time for the last bytes to reach a slow peer.
const CLOSE_MS = 5_000
// Once one side has said its last, the other may still answer, but is not waited for as long as before.
const HALF_CLOSED_MS = 60_000

/** A TLS connection that is not opened here: its bytes, the ClientHello first, go to an endpoint and back as they are. */
export class PassedConnection implements Timed {
  deadline = Infinity
  readonly #socket: Socket
  readonly #facts: ConnectionFacts
  readonly #to: Passthrough
  readonly #shared: EngineParts
  readonly #gone: (connection: PassedConnection) => void
  readonly #client: Wire
  #upstream: Wire | undefined
  #endpoint: Endpoint | undefined
  #attempts = 0
  #bytes = 0
  #idleMs: number
  #isOver = false

  /** `socket` has its first bytes in front again; `gone` is told when both sides are closed. */
  constructor(
    socket: Socket,
    facts: ConnectionFacts,
    to: Passthrough,
    shared: EngineParts,
    gone: (connection: PassedConnection) => void,
  ) {
    this.#socket = socket
    this.#facts = facts
    this.#to = to
    this.#shared = shared
    this.#gone = gone
    this.#idleMs = to.idleMs
    this.#client = new Wire(IDLE_OWNER, shared.outbox)
    socket.once('close', () => this.#closed())
  }

  /** Connects to the first endpoint that lets it in, and joins both sides. */
  async open(): Promise<void> {
    let problem = 'there is no endpoint'
    try {
      for (const endpoint of await this.#to.endpoints()) {
        if (this.#isOver) return
        this.#endpoint = endpoint
        this.#attempts += 1
        const reached = await reachEndpoint(endpoint, this.#to.connectMs, this.#shared)
        if (typeof reached !== 'string') return this.#join(reached)
        problem = reached
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
    this.close('unreached', problem)
  }

  /** Closes before an endpoint is reached: nobody here could say why in TLS. */
  close(outcome: PassedThrough['outcome'], problem?: string): void {
    this.#over(outcome, problem)
    this.#socket.destroy()
  }

  destroy(): void {
    this.#socket.destroy()
    this.#upstream?.destroy()
  }

  expired(): void {
    if (this.#isOver) this.destroy()
    else this.#over('passed')
  }

  #join(upstream: Wire): void {
    if (this.#isOver) return upstream.destroy()
    this.#upstream = upstream
    upstream.owner = this.#side(upstream, this.#client, (count) => (this.#bytes += count))
    this.#client.owner = this.#side(this.#client, upstream, () => undefined)
    this.#await(this.#shared.deadlines.exact())
    this.#shared.deadlines.watch(this)
    // Last: from here on bytes come.
    this.#client.attach(this.#socket)
  }

  #side(from: Wire, to: Wire, count: (bytes: number) => void): WireOwner {
    return {
      ...handOver(from, to, (passed) => {
        count(passed)
        this.#await(this.#shared.deadlines.now)
      }),
      // TLS ends each direction by itself (RFC 8446 §6.1).
      ended: () => {
        this.#idleMs = Math.min(this.#idleMs, HALF_CLOSED_MS)
        this.#await(this.#shared.deadlines.now)
        to.end()
      },
      closed: () => this.#closed(),
    }
  }

  #await(now: number): void {
    if (!this.#isOver) this.deadline = now + this.#idleMs
  }

  // What was written to either side still leaves: both are ended, not cut.
  #over(outcome: PassedThrough['outcome'], problem?: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.deadline = this.#shared.deadlines.now + CLOSE_MS
    this.#client.finish()
    this.#upstream?.finish()
    this.#to.over({
      connection: this.#facts,
      outcome,
      endpoint: this.#endpoint,
      attempts: this.#attempts,
      bytes: this.#bytes,
      ...(problem !== undefined && { problem }),
    })
  }

  #closed(): void {
    this.#over(this.#upstream === undefined ? 'client-gone' : 'passed')
    if (!this.#socket.closed || this.#upstream?.closed === false) return
    this.#shared.deadlines.forget(this)
    this.#gone(this)
  }
}
