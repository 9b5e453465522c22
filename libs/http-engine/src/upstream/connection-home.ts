import type { TrailerLimits } from '../body/chunked-decoder.ts'
import type { EngineSettings } from '../options.ts'
import type { Deadlines } from '../wire/deadlines.ts'
import type { Outbox } from '../wire/outbox.ts'
import type { Attempt } from './attempt.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/** What a connection needs of the pool it belongs to. */
export interface ConnectionHome {
  readonly settings: EngineSettings
  readonly trailerLimits: TrailerLimits
  readonly deadlines: Deadlines
  readonly outbox: Outbox
  readonly isTls: boolean
  /** It can take a request: nothing is under way, or (sharing) fewer than it may carry. */
  available(connection: UpstreamConnection): void
  gone(connection: UpstreamConnection): void
  /** Sends an attempt once more, on a connection of its own. */
  resend(attempt: Attempt): void
}
