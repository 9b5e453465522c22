import type { KeyFolder } from './key-folder.ts'
import { keysInForce, type KeyRing, type RotationPlan } from './key-ring.ts'
import { generateSigningKey, type SigningKey } from './signing-key.ts'

/** A key ring that follows its plan. */
export interface RotatingKeys extends KeyRing {
  /** Reads the folder again, makes the next key when it is due, drops those that nobody needs; call it now and then. */
  refresh(): void
}

/**
 * Opens the keys of a folder; the first start makes one. Several replicas may share the folder. A folder that
 * cannot be written serves the keys it has.
 *
 * @throws KeyFileError when a file cannot be used, or the folder's error when it can be neither read nor filled.
 */
export function openRotatingKeys(
  folder: KeyFolder,
  plan: RotationPlan,
  onError: (error: unknown) => void,
  clock: () => Date = () => new Date(),
): RotatingKeys {
  let keys: readonly SigningKey[] = []
  let current = firstKey()

  function firstKey(): SigningKey {
    keys = folder.read()
    if (keys.length > 0) return follow()
    folder.addFirst(generateSigningKey(clock()))
    // Replicas that start together must sign with the same key from the first token on, so what counts is what the folder has now.
    keys = folder.read()
    return follow()
  }

  function follow(): SigningKey {
    const now = clock()
    const { current: signing, kept, due } = keysInForce(keys, plan, now)
    if (signing === undefined) throw new Error('the folder of signing keys is empty')
    const dropped = keys.filter((key) => !kept.includes(key))
    keys = kept
    if (due) keys = [addKey(now), ...keys]
    for (const key of dropped) folder.remove(key)
    return signing
  }

  function addKey(now: Date): SigningKey {
    const key = generateSigningKey(now)
    folder.add(key)
    return key
  }

  return {
    current: () => current,
    find: (kid) => keys.find((key) => key.kid === kid),
    published: () => keys.map((key) => key.jwk),
    refresh: () => {
      try {
        keys = folder.read()
        current = follow()
      } catch (error) {
        onError(error)
      }
    },
  }
}
