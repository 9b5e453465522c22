import type { Engine, Reply } from '@postern/exchange'
import type { BackendId, Endpoint } from '@postern/routing-table'
import type { Journey } from './journey.ts'
import type { PasswordChecks } from './passwords/password-checks.ts'
import type { Runtime } from './runtime/runtime.ts'

/** A `Reply` ends the road here. Only a promise is awaited: a synchronous filter costs no turn of the loop. */
export type RequestFilter = (journey: Journey) => Reply | undefined | Promise<Reply | undefined>

/** Sees every answer of its route, an upstream's or our own, before it is written. Changes it by `responseEdits`. */
export type ResponseFilter = (journey: Journey, status: number) => void

/** A filter of a route, made ready when its table arrived. */
export interface PreparedFilter {
  readonly request?: RequestFilter
  readonly response?: ResponseFilter
}

/** Names to addresses, for backends that are only known by name. */
export interface Resolver {
  /** Addresses in the resolver's order; empty when the name cannot be found and never could. */
  resolve(name: string): readonly string[] | Promise<readonly string[]>
}

/** What filters may use beside the exchange. */
export interface FilterServices {
  readonly engine: Engine
  readonly clock: Clock
  readonly runtime: Runtime
  readonly resolver: Resolver
  readonly passwords: Pick<PasswordChecks, 'check'>
  /** One sentence for the operator; for failures that the client must not see. */
  readonly warn: (message: string) => void
  /** Told of every attempt at an upstream; status 0 and no time when it had no answer. */
  readonly attempted?: (
    backend: BackendId,
    endpoint: Endpoint,
    status: number,
    elapsedMs: number | undefined,
  ) => void
  /** Clients may ask with a `Postern-Explain` header what happened to their request. */
  readonly explains?: boolean
}

/** Milliseconds that only grow; injected so that tests set them. */
export interface Clock {
  now(): number
  /** Wall clock, for dates in logs and cookies. */
  date(): Date
}
