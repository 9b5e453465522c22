import fastifyJwt, { type JWT } from '@fastify/jwt'
import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import {
  accessOf,
  accessTokenRules as rules,
  ISSUED_AT_MS,
  SESSION_ID,
  type VerifiedAccess,
} from './access-token.ts'
import type { KeyRing } from './key-ring.ts'
import type { Principal } from './principal.ts'

/** What {@link accessTokens} needs. */
export interface AccessTokenOptions {
  readonly keys: KeyRing
  readonly lifetimeSeconds: number
}

/** Issues and verifies access tokens. */
export interface AccessTokens {
  readonly lifetimeSeconds: number
  /** With the id of a session the token ends when the session is ended. */
  issue(principal: Principal, sessionId?: string): string
  /** Undefined for a token that is forged, expired, of another kind or signed with a key that is gone. */
  verify(token: string): VerifiedAccess | undefined
}

/** Registers `@fastify/jwt` for ES256 over a ring of keys, and gives the two uses that auth has for it. */
export async function accessTokens(
  app: FastifyInstance,
  { keys, lifetimeSeconds }: AccessTokenOptions,
): Promise<AccessTokens> {
  const { privatePem, publicPem } = keys.current()
  await app.register(fastifyJwt, {
    secret: { private: privatePem, public: publicPem },
    sign: { algorithm: rules.algorithm, iss: rules.issuer, aud: rules.audience, expiresIn: lifetimeSeconds },
    verify: {
      algorithms: [rules.algorithm],
      allowedIss: rules.issuer,
      allowedAud: rules.audience,
      checkTyp: rules.type,
      requiredClaims: [...rules.required],
      clockTolerance: rules.clockToleranceSeconds * 1000,
    },
  })
  return {
    lifetimeSeconds,
    issue: ({ uid, email }, sessionId) => {
      const { kid, privatePem: key } = keys.current()
      const header = { alg: rules.algorithm, typ: rules.type, kid }
      const claims = {
        sub: uid,
        jti: randomUUID(),
        [ISSUED_AT_MS]: Date.now(),
        ...(email !== undefined && { email }),
        ...(sessionId !== undefined && { [SESSION_ID]: sessionId }),
      }
      return app.jwt.sign(claims, { key, kid, header })
    },
    verify: (token) => verify(app.jwt, keys, token),
  }
}

function verify(jwt: JWT, keys: KeyRing, token: string): VerifiedAccess | undefined {
  try {
    const decoded = jwt.decode<{ readonly header: { readonly kid?: unknown } }>(token, { complete: true })
    const kid = decoded?.header.kid
    // The id only chooses among our own keys: it is never a path, a query or an address (RFC 8725 §3.10).
    const key = typeof kid === 'string' ? keys.find(kid) : undefined
    if (key === undefined) return undefined
    return accessOf(jwt.verify<Record<string, unknown>>(token, { key: key.publicPem }))
  } catch {
    // Every error of the two calls above is a verdict about the token.
    return undefined
  }
}
