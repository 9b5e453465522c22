import { GatewayError } from '@postern/exchange'
import type { Endpoint, UpstreamTls } from '@postern/routing-table'
import type { TrailerLimits } from '../body/chunked-decoder.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { EngineSettings } from '../options.ts'
import type { Deadlines, Timed } from '../wire/deadlines.ts'
import type { Outbox } from '../wire/outbox.ts'
import type { ReadBuffers } from '../wire/read-buffers.ts'
import type { Attempt } from './attempt.ts'
import type { ConnectionHome } from './connection-home.ts'
import { dialPlain, dialTls } from './dial.ts'
import { UpstreamConnection } from './upstream-connection.ts'

interface Waiting {
  readonly attempt: Attempt
  readonly until: number
}

/** All connections to one endpoint under one set of TLS settings. The last one used is the next: the others may grow old and close. */
export class EndpointPool implements ConnectionHome, Timed {
  deadline = Infinity
  readonly endpoint: Endpoint
  readonly settings: EngineSettings
  readonly trailerLimits: TrailerLimits
  readonly deadlines: Deadlines
  readonly outbox: Outbox
  readonly #tls: UpstreamTls | undefined
  readonly #buffers: ReadBuffers | undefined
  readonly #open = new Set<UpstreamConnection>()
  readonly #idle: UpstreamConnection[] = []
  /** Connections that carry requests which may share. */
  readonly #shared: UpstreamConnection[] = []
  readonly #waiting: Waiting[] = []

  constructor(endpoint: Endpoint, tls: UpstreamTls | undefined, shared: EngineParts) {
    this.endpoint = endpoint
    this.settings = shared.settings
    this.trailerLimits = { maxTrailerBytes: shared.settings.maxTrailerBytes, maxTrailerCount: 100 }
    this.deadlines = shared.deadlines
    this.outbox = shared.outbox
    this.#tls = tls
    this.#buffers = shared.buffers
  }

  get isTls(): boolean {
    return this.#tls !== undefined
  }

  get isEmpty(): boolean {
    return this.#open.size === 0 && this.#waiting.length === 0
  }

  /** Puts an attempt on its way: over a connection that stands, a new one, or when there are too many, later. */
  send(attempt: Attempt): void {
    if (attempt.mayShare && this.#sendShared(attempt)) return
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isUsable) continue
      if (attempt.mayShare) this.#shared.push(idle)
      return idle.carry(attempt)
    }
    this.resend(attempt)
  }

  /** On a connection of its own: one that stood idle may be as stale as the last. */
  resend(attempt: Attempt): void {
    if (this.#open.size < this.settings.maxConnectionsPerEndpoint) return this.#dial(attempt)
    const until = this.deadlines.exact() + attempt.request.timeouts.connectMs
    if (this.#waiting.length === 0) this.deadlines.watch(this)
    this.#waiting.push({ attempt, until })
    this.deadline = Math.min(this.deadline, until)
  }

  available(connection: UpstreamConnection): void {
    if (!connection.isUsable) return
    const next = this.#nextWaiting()
    if (next !== undefined) return connection.carry(next)
    const at = this.#shared.indexOf(connection)
    if (connection.load > 0) {
      if (connection.isSharing && at < 0) this.#shared.push(connection)
      return
    }
    if (at >= 0) this.#shared.splice(at, 1)
    if (this.#idle.length < this.settings.maxIdlePerEndpoint) this.#idle.push(connection)
    else connection.retire()
  }

  gone(connection: UpstreamConnection): void {
    this.#open.delete(connection)
    for (const list of [this.#idle, this.#shared]) {
      const at = list.indexOf(connection)
      if (at >= 0) list.splice(at, 1)
    }
    const next = this.#nextWaiting()
    if (next !== undefined) this.#dial(next)
  }

  expired(): void {
    const now = this.deadlines.now
    for (const late of this.#waiting.filter(({ until }) => until <= now)) {
      this.#waiting.splice(this.#waiting.indexOf(late), 1)
      late.attempt.fail(
        new GatewayError('overloaded', {
          retrySafe: true,
          detail: 'all connections to the endpoint are busy',
        }),
      )
    }
    this.deadline = this.#waiting.reduce((soonest, { until }) => Math.min(soonest, until), Infinity)
    if (this.#waiting.length === 0) this.deadlines.forget(this)
  }

  /** Closes idle connections; busy ones close when they are done. */
  retire(): void {
    for (const connection of this.#open) connection.retire()
  }

  /** Closes everything now. */
  destroy(): void {
    for (const connection of this.#open) connection.wire.destroy()
  }

  #sendShared(attempt: Attempt): boolean {
    const last = this.#shared[this.#shared.length - 1]
    if (last === undefined) return false
    if (!last.isUsable || last.load >= attempt.request.pipelining) {
      this.#shared.pop()
      return this.#sendShared(attempt)
    }
    last.carry(attempt)
    return true
  }

  #nextWaiting(): Attempt | undefined {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!next.attempt.isSettled) return next.attempt
    }
    return undefined
  }

  #dial(attempt: Attempt): void {
    const connection = new UpstreamConnection(this, attempt.request.timeouts.connectMs)
    this.#open.add(connection)
    if (attempt.mayShare && !attempt.wasResent) this.#shared.push(connection)
    connection.carry(attempt)
    if (this.#tls === undefined) dialPlain(connection, this.endpoint, this.#buffers)
    else dialTls(connection, this.endpoint, this.#tls)
  }
}
