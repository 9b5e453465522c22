import type { AccountEnd } from '@postern/auth'
import type { Subject } from '@postern/contracts'
import { openStore, type DatabaseUrl, type Kysely } from '@postern/store'
import type { FastifyBaseLogger } from 'fastify'
import { randomUUID } from 'node:crypto'
import { migrations } from './migrations.ts'
import { newRefreshToken, parseRefreshToken, type RefreshToken } from './refresh-token.ts'

/** Log-ins that last: each has one refresh token at a time, and every use replaces it (RFC 9700 §4.14.2). */
export interface SessionStore {
  /** Gives the first refresh token. */
  start(subject: Subject): Promise<string>
  /**
   * Uses a refresh token once. A token that was used before is stolen or copied: its session ends for everybody, except
   * within a few seconds of the use, when two tabs of one browser may have met; then only this use is refused.
   */
  renew(refreshToken: string): Promise<Renewal | undefined>
  /** Ends the session of a refresh token; an unknown one ends nothing. */
  end(refreshToken: string): Promise<void>
  /** Ends all sessions of an account, and the access tokens that it has. */
  endAll(uid: string): Promise<void>
  /** When the account's sessions were all ended last, in milliseconds since 1970: older access tokens are refused here at once. */
  endedAt(uid: string): Promise<number | undefined>
  /** The accounts whose sessions were all ended after a moment. */
  endsSince(sinceMs: number): Promise<readonly AccountEnd[]>
  /** Throws when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** A renewed session. */
export interface Renewal {
  readonly subject: Subject
  readonly refreshToken: string
}

interface Tables {
  sessions: {
    id: string
    uid: string
    email: string
    current_digest: string
    previous_digest: string | null
    rotated_at: string
    expires_at: string
  }
  account_ends: { uid: string; ended_at: string }
}

/** How sessions behave in time. */
export interface SessionOptions {
  readonly lifetimeMs: number
  readonly clock?: () => number
}

const GRACE_MS = 10_000
/** `ACCESS_TOKEN_SECONDS` is at most a day; a second one for clocks that differ. */
const LONGEST_ACCESS_MS = 2 * 24 * 60 * 60 * 1000

/**
 * Opens the store of sessions. Only digests of refresh tokens are kept: who reads the file cannot use them.
 *
 * @throws StoreError
 */
export async function openSessionStore(
  url: DatabaseUrl,
  { lifetimeMs, clock = Date.now }: SessionOptions,
  log: FastifyBaseLogger,
): Promise<SessionStore> {
  const onError = (error: Error): void => {
    log.warn({ err: error }, 'a connection to the database broke')
  }
  const { database, ping, close } = await openStore<Tables>({ service: 'auth', url, migrations, onError })
  const at = (ms: number): string => new Date(ms).toISOString()
  return {
    start: async ({ uid, email }) => {
      const { id, token, digest } = newRefreshToken(randomUUID())
      const now = clock()
      const times = { rotated_at: at(now), expires_at: at(now + lifetimeMs) }
      await database.deleteFrom('sessions').where('expires_at', '<', at(now)).execute()
      const row = { id, uid, email, current_digest: digest, previous_digest: null, ...times }
      await database.insertInto('sessions').values(row).execute()
      return token
    },
    renew: async (refreshToken) => {
      const known = parseRefreshToken(refreshToken)
      if (known === undefined) return undefined
      const next = newRefreshToken(known.id)
      const now = clock()
      const row = await database
        .updateTable('sessions')
        .set({
          current_digest: next.digest,
          previous_digest: known.digest,
          rotated_at: at(now),
          expires_at: at(now + lifetimeMs),
        })
        .where('id', '=', known.id)
        .where('current_digest', '=', known.digest)
        .where('expires_at', '>', at(now))
        .returning(['uid', 'email'])
        .executeTakeFirst()
      if (row !== undefined) return { subject: row, refreshToken: next.token }
      if (await endStolen(database, known, at(now - GRACE_MS))) {
        log.warn({ session: known.id }, 'a refresh token was used twice; its session is ended')
      }
      return undefined
    },
    end: async (refreshToken) => {
      const known = parseRefreshToken(refreshToken)
      if (known === undefined) return
      await database
        .deleteFrom('sessions')
        .where('id', '=', known.id)
        .where((or) =>
          or.or([or('current_digest', '=', known.digest), or('previous_digest', '=', known.digest)]),
        )
        .execute()
    },
    endAll: async (uid) => {
      const now = clock()
      const ended_at = at(now)
      await database.transaction().execute(async (change) => {
        await change.deleteFrom('sessions').where('uid', '=', uid).execute()
        // Nobody holds an access token that is older than this.
        await change
          .deleteFrom('account_ends')
          .where('ended_at', '<', at(now - LONGEST_ACCESS_MS))
          .execute()
        const row = { uid, ended_at }
        const again = { ended_at }
        const insert = change.insertInto('account_ends').values(row)
        await insert.onConflict((conflict) => conflict.column('uid').doUpdateSet(again)).execute()
      })
    },
    endedAt: async (uid) => {
      const ends = database.selectFrom('account_ends').select('ended_at').where('uid', '=', uid)
      const row = await ends.executeTakeFirst()
      return row && Date.parse(row.ended_at)
    },
    endsSince: async (sinceMs) => {
      const ends = database.selectFrom('account_ends').selectAll().where('ended_at', '>', at(sinceMs))
      const rows = await ends.execute()
      return rows.map(({ uid, ended_at }) => ({ uid, endedAtMs: Date.parse(ended_at) }))
    },
    ping,
    close,
  }
}

/** Any other token of a known session is an old one; only the one before the current has a time of grace. */
async function endStolen(database: Kysely<Tables>, known: RefreshToken, graceFrom: string): Promise<boolean> {
  const ended = await database
    .deleteFrom('sessions')
    .where('id', '=', known.id)
    .where('current_digest', '!=', known.digest)
    .where((or) =>
      or.or([
        or('previous_digest', '!=', known.digest),
        or('previous_digest', 'is', null),
        or('rotated_at', '<', graceFrom),
      ]),
    )
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}
