import { createPasswordHasher } from '@postern/auth'
import type { AuthClient } from '@postern/clients'
import { messages } from '@postern/contracts'

/**
 * Stands in for auth so that users can run alone, as the course's second step does (S0.9): it hashes and checks
 * passwords, and every token is the course's `abc`.
 */
export function createStubAuth(): AuthClient {
  const hasher = createPasswordHasher()
  return {
    hashPassword: (password) => hasher.hash(password),
    issueToken: async ({ hash, password }) => {
      const { matches } = await hasher.check(password, hash ?? undefined)
      return matches
        ? { message: messages.tokenCreated, token: 'abc', tokenType: 'Bearer', expiresIn: 3_600 }
        : undefined
    },
    verifyToken: async (token) => (token === 'abc' ? { message: messages.tokenValid, uid: 'u1' } : undefined),
    refresh: async () => undefined,
    endSession: async () => {},
    endSessionsEverywhere: async () => false,
    endSessions: async () => {},
    tokenEnds: async () => ({ accounts: [], sessions: [] }),
    close: async () => {},
  }
}
