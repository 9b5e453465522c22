import type { Subject } from '@postern/contracts'
import { openStore, type DatabaseUrl, type Kysely } from '@postern/store'
import type { FastifyBaseLogger } from 'fastify'
import { randomUUID } from 'node:crypto'
import { migrations } from './migrations.ts'
import { newRefreshToken, parseRefreshToken, type RefreshToken } from './refresh-token.ts'
import type { Tables } from './tables.ts'
import { tokenEnds, type TokenEnds } from './token-ends.ts'

/** Log-ins that last: each has one refresh token at a time, and every use replaces it (RFC 9700 §4.14.2). */
export interface SessionStore {
  /** How long a session lasts after its last use. */
  readonly lifetimeSeconds: number
  /** Gives the first refresh token. */
  start(subject: Subject): Promise<Session>
  /**
   * Uses a refresh token once. A token that was used before is stolen or copied: its session ends for everybody, except
   * within a few seconds of the use, when two tabs of one browser may have met; then only this use is refused.
   */
  renew(refreshToken: string): Promise<Renewal | undefined>
  /**
   * Ends the session of a refresh token, or all of its account, and the access tokens that they have. False for a token that is
   * unknown or expired: nothing is ended.
   */
  end(refreshToken: string, reach?: 'session' | 'account'): Promise<boolean>
  /** Ends all sessions of an account, and the access tokens that it has. */
  endAll(uid: string): Promise<void>
  /** What ended lately; access tokens from before are refused here at once. */
  readonly ends: Pick<TokenEnds, 'isOver' | 'since'>
  /** Throws when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** A session, with the refresh token that is good for its next use. */
export interface Session {
  readonly id: string
  readonly refreshToken: string
}

/** A renewed session. */
export interface Renewal extends Session {
  readonly subject: Subject
}

/** How sessions behave in time. */
export interface SessionOptions {
  readonly lifetimeMs: number
  readonly clock?: () => number
}

const GRACE_MS = 10_000

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
  const { database, ping, close } = await openStore<Tables>({ service: 'auth', url, migrations, log })
  return {
    lifetimeSeconds: Math.floor(lifetimeMs / 1000),
    start: async ({ uid, email }) => {
      const { id, token, digest } = newRefreshToken(randomUUID())
      const now = clock()
      const times = { rotated_at: at(now), expires_at: at(now + lifetimeMs) }
      await database.deleteFrom('sessions').where('expires_at', '<', at(now)).execute()
      const row = { id, uid, email, current_digest: digest, previous_digest: null, ...times }
      await database.insertInto('sessions').values(row).execute()
      return { id, refreshToken: token }
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
      if (row !== undefined) return { id: known.id, subject: row, refreshToken: next.token }
      if (await endStolen(database, known, now)) {
        log.warn({ session: known.id }, 'a refresh token was used twice; its session is ended')
      }
      return undefined
    },
    end: async (refreshToken, reach = 'session') => {
      const known = parseRefreshToken(refreshToken)
      if (known === undefined) return false
      const now = clock()
      return database.transaction().execute(async (change) => {
        const ended = await change
          .deleteFrom('sessions')
          .where('id', '=', known.id)
          .where((or) =>
            or.or([or('current_digest', '=', known.digest), or('previous_digest', '=', known.digest)]),
          )
          .where('expires_at', '>', at(now))
          .returning(['id', 'uid'])
          .executeTakeFirst()
        if (ended === undefined) return false
        await tokenEnds(change).addSession(ended.id, now)
        if (reach === 'account') await endAccount(change, ended.uid, now)
        return true
      })
    },
    endAll: (uid) => database.transaction().execute((change) => endAccount(change, uid, clock())),
    ends: tokenEnds(database),
    ping,
    close,
  }
}

const at = (ms: number): string => new Date(ms).toISOString()

async function endAccount(change: Kysely<Tables>, uid: string, nowMs: number): Promise<void> {
  const ends = tokenEnds(change)
  const sessions = change.deleteFrom('sessions').where('uid', '=', uid).returning(['id', 'rotated_at'])
  const ended = await sessions.execute()
  await ends.addAccount(uid, nowMs)
  // The access token of a use at this very moment may be dated after the end of the account.
  const fresh = ended.filter(({ rotated_at }) => rotated_at > at(nowMs - GRACE_MS))
  for (const { id } of fresh) await ends.addSession(id, nowMs)
}

/** Any other token of a known session is an old one; only the one before the current has a time of grace. */
function endStolen(database: Kysely<Tables>, known: RefreshToken, nowMs: number): Promise<boolean> {
  return database.transaction().execute(async (change) => {
    const ended = await change
      .deleteFrom('sessions')
      .where('id', '=', known.id)
      .where('current_digest', '!=', known.digest)
      .where((or) =>
        or.or([
          or('previous_digest', '!=', known.digest),
          or('previous_digest', 'is', null),
          or('rotated_at', '<', at(nowMs - GRACE_MS)),
        ]),
      )
      .returning('id')
      .executeTakeFirst()
    // The thief may have used the token first, and hold an access token.
    if (ended !== undefined) await tokenEnds(change).addSession(ended.id, nowMs)
    return ended !== undefined
  })
}
