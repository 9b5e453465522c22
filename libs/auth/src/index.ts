export { accessTokenRules, type VerifiedAccess } from './access-token.ts'
export { readBearerToken, type BearerToken } from './bearer-token.ts'
export { KeyFileError, openKeyFolder, type KeyFolder } from './key-folder.ts'
export { keysInForce, type KeyRing, type RotationPlan } from './key-ring.ts'
export {
  createPasswordHasher,
  DEFAULT_COST,
  type Argon2Cost,
  type HashingLimits,
  type PasswordCheck,
  type PasswordHasher,
} from './password-hasher.ts'
export type { Principal } from './principal.ts'
export { openRotatingKeys, type RotatingKeys } from './rotating-keys.ts'
export { sameText } from './same-text.ts'
export { generateSigningKey, parseSigningKey, type PublicJwk, type SigningKey } from './signing-key.ts'
export {
  createTokenEnds,
  type AccountEnd,
  type TokenEndList,
  type TokenEnds,
  type TokenEndsOptions,
} from './token-ends.ts'
export { createTokenVerifier, KeySetError, type TokenVerifierOptions } from './token-verifier.ts'
export { BusyError } from './turnstile.ts'
