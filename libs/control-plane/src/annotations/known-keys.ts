import { ALL_FEATURES } from './features.ts'
import type { Key } from './feature.ts'

/** Every key that is known, with the feature that owns it. */
export const KNOWN_KEYS: ReadonlyMap<string, Key<unknown>> = new Map(
  ALL_FEATURES.flatMap(([, feature]) => Object.entries(feature.keys)),
)
