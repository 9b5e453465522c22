import type { RequestPath } from '@postern/exchange'
import type { HostName } from '@postern/routing-table'

/** What a request head says, parsed once. */
export interface RequestFacts {
  readonly method: string
  /** Origin-form: path and query as received. */
  readonly target: string
  readonly path: RequestPath
  readonly host: HostName
  readonly authority: string
  /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
  readonly minor: number
  readonly upgrade: string | undefined
  readonly keepAlive: boolean
  readonly expectsContinue: boolean
  readonly acceptsTrailers: boolean
}
