import { StoreError } from '@postern/store'
import type { FastifyBaseLogger } from 'fastify'
import { openSessionStore, type SessionStore } from './session-store.ts'
import type { AuthSettings } from './settings.ts'

/** Opens the sessions; like the keys, they live as long as the process where no place was named and none can be written. */
export async function openSessions(
  { database, keyFolder, sessionLifetimeMs: lifetimeMs }: AuthSettings,
  log: FastifyBaseLogger,
): Promise<SessionStore> {
  try {
    return await openSessionStore(database, { lifetimeMs }, log)
  } catch (error) {
    const named = keyFolder !== undefined || database.kind !== 'sqlite'
    if (named || !(error instanceof StoreError) || !error.readOnly) throw error
    log.warn('sessions end with this process, because their file cannot be written; set DATABASE_URL')
    return openSessionStore({ kind: 'sqlite', path: ':memory:' }, { lifetimeMs }, log)
  }
}
