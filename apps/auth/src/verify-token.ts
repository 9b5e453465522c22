import { sameText, type Principal } from '@postern/auth'
import type { AccessTokens } from '@postern/auth/fastify'
import { messages, type VerifiedToken } from '@postern/contracts'
import { HttpProblem } from '@postern/service'

/** Gives whom a token speaks for; undefined when it is not valid. */
export type VerifyToken = (token: string) => Principal | undefined

/** The account that the course's constant token belongs to. */
const DEMO_UID = 'u1'

/** Verifies signed tokens and, in demo mode only, the constant one of the course (D3). */
export function createVerifyToken(tokens: AccessTokens, demoToken: string | undefined): VerifyToken {
  return (token) => {
    if (demoToken !== undefined && sameText(token, demoToken)) return { uid: DEMO_UID }
    return tokens.verify(token)
  }
}

/** The answer for a token, or the refusal. */
export function verified(verify: VerifyToken, token: string | undefined): VerifiedToken {
  const principal = token === undefined ? undefined : verify(token)
  if (principal === undefined) throw new HttpProblem(401, 'invalid-token', messages.tokenInvalid)
  return { message: messages.tokenValid, ...principal }
}
