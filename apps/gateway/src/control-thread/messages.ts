import type { CompileSettings, Diagnostic } from '@postern/control-plane'
import type { Explanation } from '@postern/explain'
import type { TableMessage } from './table-message.ts'

/** What the thread is started with. All of it crosses a structured clone, so no functions. */
export interface ControlThreadData {
  readonly manifests: readonly string[]
  readonly settings: Omit<CompileSettings, 'now'>
  /** What came on standard input, where `-` is among the manifests: read once, also for a thread that is started again. */
  readonly stdin?: string
}

export type ToControl =
  | { readonly kind: 'refresh' }
  /** `query` as on the admin port, without the question mark. */
  | {
      readonly kind: 'explain'
      readonly id: number
      readonly query: string
      readonly httpsRedirectPort: number
    }

export type FromControl =
  | { readonly kind: 'findings'; readonly diagnostics: readonly Diagnostic[] }
  /** The first is made for the empty table, each further one for the table before. */
  | { readonly kind: 'table'; readonly message: TableMessage }
  | { readonly kind: 'explained'; readonly id: number; readonly explanation: Explanation }
  /** `isQuestion`: the question is wrong, not the answering. */
  | {
      readonly kind: 'not-explained'
      readonly id: number
      readonly message: string
      readonly isQuestion: boolean
    }
  /** There will be no table. */
  | { readonly kind: 'failed'; readonly message: string }
