import type { EngineSettings } from './options.ts'
import type { Deadlines } from './wire/deadlines.ts'
import type { Outbox } from './wire/outbox.ts'
import type { ReadBuffers } from './wire/read-buffers.ts'

/** What the listeners and the pools of one engine have in common. */
export interface EngineParts {
  readonly settings: EngineSettings
  readonly deadlines: Deadlines
  /** Absent: sockets read as Node does. */
  readonly buffers: ReadBuffers | undefined
  readonly outbox: Outbox
}
