import type { Feature, Keys } from './feature.ts'
import { httpsRedirect } from './https-redirect.ts'
import { rewrite } from './rewrite.ts'
import type { Refusal } from './value.ts'

/** Every feature, in the order of the documentation. A new one is one line here and one file beside. */
export const FEATURES = {
  rewrite,
  httpsRedirect,
} as const

/** What the annotations of one Ingress mean, one entry per feature. */
export type IngressAnnotations = {
  readonly [Name in keyof typeof FEATURES]: (typeof FEATURES)[Name] extends Feature<infer _K, infer Result>
    ? Exclude<Result, Refusal>
    : never
}

/** All features without their types: for loops over keys. */
export const ALL_FEATURES = Object.entries(FEATURES) as unknown as readonly (readonly [
  name: keyof typeof FEATURES,
  feature: Feature<Keys>,
])[]

export const PREFIX = 'nginx.ingress.kubernetes.io/'
