import type { Subject } from '@postern/contracts'
import { openStore, type DatabaseUrl, type Kysely } from '@postern/store'
import type { FastifyBaseLogger } from 'fastify'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { migrations } from './migrations.ts'

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
  /** Ends all sessions of an account. */
  endAll(uid: string): Promise<void>
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
}

/** How sessions behave in time. */
export interface SessionOptions {
  readonly lifetimeMs: number
  readonly clock?: () => number
}

const GRACE_MS = 10_000
const TOKEN = /^([0-9a-f-]{36})\.([\w-]{43})$/

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
      const { id, token, digest } = newToken(randomUUID())
      const now = clock()
      const times = { rotated_at: at(now), expires_at: at(now + lifetimeMs) }
      await database.deleteFrom('sessions').where('expires_at', '<', at(now)).execute()
      const row = { id, uid, email, current_digest: digest, previous_digest: null, ...times }
      await database.insertInto('sessions').values(row).execute()
      return token
    },
    renew: async (refreshToken) => {
      const known = parseToken(refreshToken)
      if (known === undefined) return undefined
      const next = newToken(known.id)
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
      const known = parseToken(refreshToken)
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
      await database.deleteFrom('sessions').where('uid', '=', uid).execute()
    },
    ping,
    close,
  }
}

/** Any other token of a known session is an old one; only the one before the current has a time of grace. */
async function endStolen(database: Kysely<Tables>, known: Token, graceFrom: string): Promise<boolean> {
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

interface Token {
  readonly id: string
  readonly token: string
  readonly digest: string
}

function newToken(id: string): Token {
  const secret = randomBytes(32).toString('base64url')
  return { id, token: `${id}.${secret}`, digest: digestOf(secret) }
}

function parseToken(token: string): Token | undefined {
  const [, id, secret] = TOKEN.exec(token) ?? []
  return id === undefined || secret === undefined ? undefined : { id, token, digest: digestOf(secret) }
}

/** The secret has 256 bits of chance, so a plain digest is enough. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
