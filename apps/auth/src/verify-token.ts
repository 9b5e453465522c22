import { sameText, type Principal } from '@postern/auth'
import type { AccessTokens } from '@postern/auth/fastify'
import { messages, type VerifiedToken } from '@postern/contracts'
import { HttpProblem, unavailable } from '@postern/service'
import type { SessionStore } from './session-store.ts'

/** Gives whom a token speaks for; undefined when it is not valid. Throws a 503 when that cannot be found out. */
export type VerifyToken = (token: string) => Promise<Principal | undefined>

/** What {@link createVerifyToken} needs. */
export interface VerifyTokenOptions {
  readonly tokens: AccessTokens
  readonly sessions: Pick<SessionStore, 'ends'>
  /** Undefined outside demo mode. */
  readonly demoToken: string | undefined
}

/** The account that the course's constant token belongs to. */
const DEMO_UID = 'u1'

/**
 * Verifies signed tokens and, in demo mode only, the constant one of the course (D3). A token whose session was ended, or
 * from before all of its account were, is refused at once.
 */
export function createVerifyToken({ tokens, sessions, demoToken }: VerifyTokenOptions): VerifyToken {
  return async (token) => {
    if (demoToken !== undefined && sameText(token, demoToken)) return { uid: DEMO_UID }
    const access = tokens.verify(token)
    if (access === undefined) return undefined
    const over = await sessions.ends.isOver(access).catch((error: unknown) => {
      throw unavailable(messages.unavailable, error)
    })
    return over ? undefined : access.principal
  }
}

/** The answer for a token, or the refusal. */
export async function verified(verify: VerifyToken, token: string | undefined): Promise<VerifiedToken> {
  const principal = token === undefined ? undefined : await verify(token)
  if (principal === undefined) throw new HttpProblem(401, 'invalid-token', messages.tokenInvalid)
  return { message: messages.tokenValid, ...principal }
}
