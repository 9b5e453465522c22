export {
  accessTokens,
  type AccessTokenOptions,
  type AccessTokens,
  type VerifiedAccess,
} from './access-tokens.ts'
export { createAuthenticate, type AuthenticateOptions } from './authenticate.ts'
export { followAccountEnds } from './follow-account-ends.ts'
