import type { ServeSettings } from '../settings.ts'

/** What the primary tells a worker. Sent by structured clone, so that `undefined` stays. */
export type ToWorker =
  | {
      readonly kind: 'start'
      readonly settings: ServeSettings
      readonly fallbackCertificate: { readonly certPem: string; readonly keyPem: string }
      /** One worker speaks for all about what all of them see: findings and tables. */
      readonly isSpokesman: boolean
    }
  | { readonly kind: 'show'; readonly page: ShownPage; readonly id: number }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'stop' }

export type ShownPage = 'metrics' | 'table' | 'diagnostics'

export type ToPrimary =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  /** Metrics as text, the others as JSON. */
  | { readonly kind: 'shown'; readonly id: number; readonly text: string }
