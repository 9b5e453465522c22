import type { CompileSettings, Diagnostic, Resting } from '@postern/control-plane'
import type { Explanation } from '@postern/explain'
import type { TableMessage } from './table-message.ts'

/** What the process works on. All of it crosses a structured clone, so no functions. */
export interface ControlProcessData {
  readonly manifests: readonly string[]
  readonly settings: Omit<CompileSettings, 'now'>
  /** What came on standard input, where `-` is among the manifests: read once, also for a process that is started again. */
  readonly stdin?: string
  /** What the process before this one had told (`ToldTable.keep`); absent: nothing that counts. */
  readonly told?: Uint8Array
  /** What it had read (`packMemory`): texts that went bad meanwhile keep their last good form. */
  readonly remembered?: Uint8Array
}

export type ToControl =
  /** The first. */
  | { readonly kind: 'start'; readonly data: ControlProcessData }
  | { readonly kind: 'refresh' }
  /** Answered with `asleep` or `awake`. */
  | { readonly kind: 'sleep' }
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
  /** All manifests were read and compiled once. */
  | { readonly kind: 'read' }
  /** It can be ended: `told` is for the next process, `resting` for whoever watches until then. */
  | {
      readonly kind: 'asleep'
      readonly told: Uint8Array
      readonly remembered: Uint8Array
      readonly resting: Resting
    }
  /** It has to stay: something is still to be done, or lives in its memory alone. */
  | { readonly kind: 'awake' }
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
