/** What every access token says, and what every verifier insists on. */
export const accessTokenRules = {
  algorithm: 'ES256',
  issuer: 'postern-auth',
  audience: 'postern',
  /** Marks the kind of token (RFC 8725 §3.11), so that another token of the same issuer is not taken for one. */
  type: 'at+jwt',
  clockToleranceSeconds: 5,
} as const
