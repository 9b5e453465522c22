import { ALL_FEATURES, ALL_OWN_FEATURES } from './features.ts'
import type { Key } from './feature.ts'

/** Every key of ingress-nginx that is known, with the feature that owns it. */
export const KNOWN_KEYS: ReadonlyMap<string, Key<unknown>> = new Map(
  ALL_FEATURES.flatMap(([, feature]) => Object.entries(feature.keys)),
)

/** The whole names of our own annotations. */
export const OWN_KEYS: ReadonlySet<string> = new Set(
  ALL_OWN_FEATURES.flatMap(([, feature]) => Object.keys(feature.keys)),
)
