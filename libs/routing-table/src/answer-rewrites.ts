import type { TemplatePart } from './backend.ts'

/** What an upstream says about its own names and paths, turned into what clients know. In each list the first that fits counts. */
export interface AnswerRewrites {
  /** `Location`, and the URL of `Refresh`. */
  readonly location?: ValueRewrite
  /** The Domain of cookies, a leading dot apart. */
  readonly cookieDomain?: ValueRewrite
  /** The Path of cookies. */
  readonly cookiePath?: ValueRewrite
  /** Without scheme and host where the new location is a path (`relative-redirects`). */
  readonly relative?: true
}

export type ValueRewrite =
  /** What begins with `from` begins with `to` instead. */
  | { readonly kind: 'prefix'; readonly from: readonly TemplatePart[]; readonly to: readonly TemplatePart[] }
  /** What equals `from` without regard to case becomes `to`. */
  | { readonly kind: 'whole'; readonly from: string; readonly to: readonly TemplatePart[] }
  /** What matches becomes `to`; a part `$1` of its text is a capture. */
  | {
      readonly kind: 'regex'
      readonly from: string
      readonly ignoreCase: boolean
      readonly to: readonly TemplatePart[]
    }
