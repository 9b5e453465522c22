export { accessTokens, type AccessTokenOptions, type AccessTokens } from './access-tokens.ts'
export { createAuthenticate, type AuthenticateOptions } from './authenticate.ts'
export { followTokenEnds } from './follow-token-ends.ts'
