import type { TokenEndList, VerifiedAccess } from '@postern/auth'
import type { Kysely } from '@postern/store'
import type { Tables } from './tables.ts'

/** What ended while access tokens from before may live on. */
export interface TokenEnds {
  /** All sessions of an account ended. */
  addAccount(uid: string, atMs: number): Promise<void>
  addSession(id: string, atMs: number): Promise<void>
  isOver(access: VerifiedAccess): Promise<boolean>
  /** All accounts that ended after a moment, and the latest of the sessions that did. */
  since(sinceMs: number, mostSessions?: number): Promise<TokenEndList>
}

/** `ACCESS_TOKEN_SECONDS` is at most a day; a second one for clocks that differ. */
const LONGEST_ACCESS_MS = 2 * 24 * 60 * 60 * 1000
/**
 * Verifiers take a list of 1 MiB. Log-outs are many and ends of accounts few: however many log out, the accounts have room
 * beside them. Tokens of log-outs before the last so many live on at verifiers until they expire.
 */
const MOST_SESSIONS = 10_000

/** Keeps what ended, in the database or within a transaction on it. */
export function tokenEnds(database: Kysely<Tables>): TokenEnds {
  const accountEnded = async (uid: string, issuedAtMs: number): Promise<boolean> => {
    const ends = database.selectFrom('account_ends').select('ended_at').where('uid', '=', uid)
    const row = await ends.executeTakeFirst()
    return row !== undefined && issuedAtMs <= Date.parse(row.ended_at)
  }
  const sessionEnded = async (id: string): Promise<boolean> => {
    const ends = database.selectFrom('session_ends').select('id').where('id', '=', id)
    return (await ends.executeTakeFirst()) !== undefined
  }
  return {
    addAccount: async (uid, atMs) => {
      const ended_at = at(atMs)
      await forget(database, 'account_ends', atMs)
      const insert = database.insertInto('account_ends').values({ uid, ended_at })
      await insert.onConflict((again) => again.column('uid').doUpdateSet({ ended_at })).execute()
    },
    addSession: async (id, atMs) => {
      await forget(database, 'session_ends', atMs)
      const insert = database.insertInto('session_ends').values({ id, ended_at: at(atMs) })
      await insert.onConflict((again) => again.column('id').doNothing()).execute()
    },
    isOver: async ({ principal, issuedAtMs, sessionId }) =>
      (await accountEnded(principal.uid, issuedAtMs)) ||
      (sessionId !== undefined && (await sessionEnded(sessionId))),
    since: async (sinceMs, mostSessions = MOST_SESSIONS) => {
      const accounts = database.selectFrom('account_ends').selectAll().where('ended_at', '>', at(sinceMs))
      const sessions = database.selectFrom('session_ends').select('id').where('ended_at', '>', at(sinceMs))
      const latest = sessions.orderBy('ended_at', 'desc').limit(mostSessions)
      return {
        accounts: (await accounts.execute()).map(({ uid, ended_at }) => ({
          uid,
          endedAtMs: Date.parse(ended_at),
        })),
        sessions: (await latest.execute()).map(({ id }) => id),
      }
    },
  }
}

const at = (ms: number): string => new Date(ms).toISOString()

/** Nobody holds an access token that is older than this. */
async function forget(
  database: Kysely<Tables>,
  table: 'account_ends' | 'session_ends',
  nowMs: number,
): Promise<void> {
  await database
    .deleteFrom(table)
    .where('ended_at', '<', at(nowMs - LONGEST_ACCESS_MS))
    .execute()
}
