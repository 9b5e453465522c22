import {
  IssuedToken,
  Message,
  PasswordHash,
  TokenEnds,
  VerifiedToken,
  type IssueToken,
} from '@postern/contracts'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { CallError } from './call-error.ts'
import { createJsonCaller, type CallContext, type CallerOptions } from './json-caller.ts'

/** What the other services ask of auth. Passwords and tokens travel in bodies only, never in a URL (W1). */
export interface AuthClient {
  /** A PHC string. */
  hashPassword(password: string, context?: CallContext): Promise<string>
  /** A token, or undefined when the password is wrong. */
  issueToken(request: IssueToken, context?: CallContext): Promise<IssuedToken | undefined>
  /** Whom the token speaks for, or undefined when it is not valid. */
  verifyToken(token: string, context?: CallContext): Promise<VerifiedToken | undefined>
  /** The next pair of tokens, or undefined when the session is over. Never repeated by itself: the token is good for one use. */
  refresh(refreshToken: string, context?: CallContext): Promise<IssuedToken | undefined>
  /** Ends the session of a refresh token, as a log-out does. */
  endSession(refreshToken: string, context?: CallContext): Promise<void>
  /** Ends all sessions of a refresh token's account; false when its own is over, and nothing was ended. */
  endSessionsEverywhere(refreshToken: string, context?: CallContext): Promise<boolean>
  /** Ends all sessions of an account. */
  endSessions(uid: string, context?: CallContext): Promise<void>
  /** The accounts and sessions whose tokens are over before they expire. */
  tokenEnds(context?: CallContext): Promise<{
    readonly accounts: TokenEnds['ended']
    readonly sessions: readonly string[]
  }>
  close(): Promise<void>
}

/** Makes a client of auth; every call throws {@link CallError} when auth gives no usable answer. */
export function createAuthClient(options: Omit<CallerOptions, 'service'>): AuthClient {
  const caller = createJsonCaller({ ...options, service: 'auth' })
  const ask = async <T extends TSchema>(
    path: string,
    body: object,
    schema: T,
    context: CallContext,
    tries: 'once' | 'repeatable' = 'repeatable',
  ): Promise<Static<T> | undefined> => {
    const answer = await caller.send({ method: 'POST', path, body }, context, tries)
    if (answer.status === 401) return undefined
    if (answer.status === 503) throw new CallError('auth', 'unreachable')
    if (answer.status !== 200 || !Value.Check(schema, answer.body)) throw new CallError('auth', 'bad-answer')
    return answer.body as Static<T>
  }
  return {
    hashPassword: async (password, context = {}) => {
      const answer = await ask('/passwords/hash', { password }, PasswordHash, context)
      if (answer === undefined) throw new CallError('auth', 'bad-answer')
      return answer.hash
    },
    issueToken: (request, context = {}) => ask('/tokens', request, IssuedToken, context),
    verifyToken: (token, context = {}) => ask('/tokens/verify', { token }, VerifiedToken, context),
    refresh: (refreshToken, context = {}) =>
      ask('/tokens/refresh', { refreshToken }, IssuedToken, context, 'once'),
    endSession: async (refreshToken, context = {}) => {
      await ask('/sessions/end', { refreshToken }, Message, context)
    },
    endSessionsEverywhere: async (refreshToken, context = {}) =>
      (await ask('/sessions/end-everywhere', { refreshToken }, Message, context)) !== undefined,
    endSessions: async (uid, context = {}) => {
      await ask('/sessions/end-all', { uid }, Message, context)
    },
    tokenEnds: async (context = {}) => {
      const answer = await caller.send({ method: 'GET', path: '/sessions/ended' }, context, 'repeatable')
      if (answer.status !== 200 || !Value.Check(TokenEnds, answer.body))
        throw new CallError('auth', answer.status === 503 ? 'unreachable' : 'bad-answer')
      const { ended: accounts, sessions = [] } = answer.body
      return { accounts, sessions }
    },
    close: () => caller.close(),
  }
}
