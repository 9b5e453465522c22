import type { PublicJwk, SigningKey } from './signing-key.ts'

/** The keys of an issuer at one moment. */
export interface KeyRing {
  /** The key that signs now. */
  current(): SigningKey
  /** A key that verifies, by its id; old ones stay until no token of theirs can be valid. */
  find(kid: string): SigningKey | undefined
  /** What `/.well-known/jwks.json` publishes; includes the next key before it signs, so that verifiers know it in time. */
  published(): readonly PublicJwk[]
}

/** When keys change. All times in milliseconds. */
export interface RotationPlan {
  /** Age at which a new key is made; Infinity never. */
  readonly rotateAfterMs: number
  /** How long a new key is published before it signs: longer than verifiers keep a key set. */
  readonly publishBeforeMs: number
  /** How long a replaced key still verifies: longer than a token lives. */
  readonly keepAfterMs: number
}

/** The keys in force at `now`, newest first, and which of them signs. Pure, so that rotation is tested without waiting. */
export function keysInForce(
  keys: readonly SigningKey[],
  plan: RotationPlan,
  now: Date,
): { readonly current: SigningKey | undefined; readonly kept: readonly SigningKey[]; readonly due: boolean } {
  const newestFirst = [...keys].sort(
    (one, other) => ageOrder(other) - ageOrder(one) || one.kid.localeCompare(other.kid),
  )
  const age = (key: SigningKey): number => now.getTime() - key.createdAt.getTime()
  const seasoned = newestFirst.findIndex((key) => age(key) >= plan.publishBeforeMs)
  // On the first start there is no older key to bridge the time until the new one is known everywhere.
  const current = newestFirst[seasoned === -1 ? newestFirst.length - 1 : seasoned]
  const kept = newestFirst.filter((_key, index) => {
    const successor = newestFirst[index - 1]
    return successor === undefined || age(successor) < plan.publishBeforeMs + plan.keepAfterMs
  })
  const newest = newestFirst[0]
  return { current, kept, due: newest === undefined || age(newest) >= plan.rotateAfterMs }
}

function ageOrder(key: SigningKey): number {
  return key.createdAt.getTime()
}
