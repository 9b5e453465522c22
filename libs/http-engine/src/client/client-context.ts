import type { ListenerLimits, Refused, Serve } from '@postern/exchange'
import type { TrailerLimits } from '../body/chunked-decoder.ts'
import type { EngineSettings } from '../options.ts'
import type { Deadlines } from '../wire/deadlines.ts'
import type { ClientConnection } from './client-connection.ts'
import type { KnownHosts } from './known-hosts.ts'
import type { ParserShelf } from './parser-shelf.ts'

/** What all connections of one listener share. */
export interface ClientContext {
  readonly serve: Serve
  readonly limits: ListenerLimits
  readonly settings: EngineSettings
  readonly trailerLimits: TrailerLimits
  readonly deadlines: Deadlines
  readonly parsers: ParserShelf
  readonly hosts: KnownHosts
  /** The listener is retired or stops: responses say `Connection: close`. */
  isLeaving(): boolean
  closed(connection: ClientConnection): void
  readonly onRefused: ((refused: Refused) => void) | undefined
}
