import type { ObjectRef } from '@postern/routing-table'

/** The whole answer to "which rule, and why". Plain data; docs/explain.schema.json describes its JSON form. */
export interface Explanation {
  readonly request: { readonly method: string; readonly url: string; readonly from: string }
  /** What happens; several entries when chance decides (a canary by weight), with their shares. */
  readonly outcomes: readonly SharedOutcome[]
  /** One sentence: what happens. */
  readonly summary: string
  /** What only the running system knows and is taken for granted, with what happens otherwise. */
  readonly assumptions: readonly string[]
  /** What is not as its author meant, each in one sentence that names the fix. The gravest first. */
  readonly findings: readonly Finding[]
  /** From the listener to the Pod. */
  readonly stages: readonly Stage[]
  /** Small changes of the request that would end elsewhere. */
  readonly wouldChange: readonly { readonly change: string; readonly outcome: string }[]
}

export interface SharedOutcome {
  /** 0 to 1. */
  readonly share: number
  readonly outcome: Outcome
}

export type Outcome =
  | {
      readonly kind: 'forwarded'
      readonly route: string
      readonly backend: string
      readonly protocol: 'http' | 'https'
      /** `address:port`; the balancer picks one of them. */
      readonly endpoints: readonly string[]
      readonly method: string
      readonly target: string
      readonly headers: readonly Header[]
      /** What is added to the answer. */
      readonly responseHeaders: readonly Header[]
    }
  | {
      readonly kind: 'answered'
      readonly route: string
      readonly status: number
      readonly location?: string
      readonly reason?: string
      readonly stoppedBy?: string
      readonly responseHeaders: readonly Header[]
    }
  /** TLS that is not opened here: what is asked in it, the backend alone reads. Without a backend it is closed. */
  | {
      readonly kind: 'passed-through'
      readonly route: string
      readonly backend?: string
      /** One of them, at random. */
      readonly endpoints: readonly string[]
    }
  /** Before routing: the engine answers by itself. */
  | { readonly kind: 'refused'; readonly status: 400; readonly reason: string }

export type Header = readonly [name: string, value: string]

export interface Finding {
  readonly code: string
  readonly sentence: string
  readonly place?: string
}

export type StageName =
  | 'listener'
  | 'tls'
  | 'host'
  | 'merge'
  | 'path'
  | 'filters'
  | 'backend'
  | 'endpoints'
  | 'balancing'
  | 'upstream'

export interface Stage {
  readonly stage: StageName
  /** What was decided here. */
  readonly decision: string
  readonly details: readonly Detail[]
}

export interface Detail {
  /** `won` and `passed` go on, `lost` fell behind, `stopped` ends the road, `note` is good to know. */
  readonly mark: 'won' | 'passed' | 'lost' | 'stopped' | 'note'
  readonly text: string
  /** `file:line`. */
  readonly place?: string
}

/** `file:line`, or nothing when the object came over the network. */
export function placeOf({ file, line }: ObjectRef): { readonly place?: string } {
  if (file === undefined) return {}
  return { place: line === undefined ? file : `${file}:${String(line)}` }
}

/** `namespace/name`. */
export function nameOf({ namespace, name }: ObjectRef): string {
  return namespace === '' ? name : `${namespace}/${name}`
}
