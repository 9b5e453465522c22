import type { TableMessage } from '../control-process/table-message.ts'
import type { ServeSettings } from '../settings.ts'

/** What the primary tells a worker. Sent by structured clone, so that `undefined` stays. */
export type ToWorker =
  | {
      readonly kind: 'start'
      readonly settings: ServeSettings
      /** The table in use; what comes later is made for it. */
      readonly whole: TableMessage
      /** One worker speaks for all about what all of them see: tables and what is wrong with them. */
      readonly isSpokesman: boolean
    }
  | { readonly kind: 'table'; readonly message: TableMessage }
  | { readonly kind: 'show'; readonly page: ShownPage; readonly id: number }
  /** Asks for a sign of life. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' }

export type ShownPage = 'metrics' | 'table'

export type ToPrimary =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'pong' }
  /** Metrics as text, the others as JSON. */
  | { readonly kind: 'shown'; readonly id: number; readonly text: string }
