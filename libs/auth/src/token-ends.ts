import type { VerifiedAccess } from './access-token.ts'

/** All tokens of an account from before a moment are over: its password was changed, it was logged out everywhere, or deleted. */
export interface AccountEnd {
  readonly uid: string
  readonly endedAtMs: number
}

/** What ended so lately that a token from before may not have expired yet. */
export interface TokenEndList {
  readonly accounts: readonly AccountEnd[]
  /** Ids of sessions that were logged out, or whose refresh token was stolen. */
  readonly sessions: readonly string[]
}

/** Which tokens are over before they expire. */
export interface TokenEnds {
  isOver(access: VerifiedAccess): boolean
  /** Asks the issuer. Never throws: without an answer the last list holds, as keys do. */
  refresh(): Promise<void>
}

/** What {@link createTokenEnds} needs. */
export interface TokenEndsOptions {
  /** The issuer's whole list; it is short, because tokens are short-lived. */
  readonly load: () => Promise<TokenEndList>
  /** Told when the issuer falls silent (an error) and when it answers again (undefined); not at every try. */
  readonly onChange: (error: unknown) => void
}

/** Keeps the issuer's list of ended accounts and sessions, so that a token is refused without asking for each. */
export function createTokenEnds({ load, onChange }: TokenEndsOptions): TokenEnds {
  let accounts: ReadonlyMap<string, number> = new Map()
  let sessions: ReadonlySet<string> = new Set()
  let silent = false
  return {
    isOver: ({ principal, issuedAtMs, sessionId }) =>
      issuedAtMs <= (accounts.get(principal.uid) ?? Number.NEGATIVE_INFINITY) ||
      (sessionId !== undefined && sessions.has(sessionId)),
    refresh: async () => {
      try {
        const list = await load()
        accounts = new Map(list.accounts.map(({ uid, endedAtMs }) => [uid, endedAtMs]))
        sessions = new Set(list.sessions)
        if (silent) onChange(undefined)
        silent = false
      } catch (error) {
        if (!silent) onChange(error)
        silent = true
      }
    },
  }
}
