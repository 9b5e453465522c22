import { resolve } from 'node:path'

/** Where a service keeps its data. */
export type DatabaseUrl =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string }

/** `DATABASE_URL` names no database that this product knows. Services treat it like every other setting that cannot be used. */
export class DatabaseUrlError extends Error {
  override readonly name = 'SettingsError'

  constructor(text: string) {
    // A database's URL may hold a password: only its beginning is shown.
    super(
      `DATABASE_URL begins with ${JSON.stringify(text.split(/[:/]/, 1)[0])}: expected sqlite:PATH, as in sqlite:data/tasks.db, or postgres://USER:PASSWORD@HOST:PORT/NAME`,
    )
  }
}

/**
 * Reads `DATABASE_URL`; absent or empty it is the SQLite file `defaultPath`. Relative paths start at the working
 * directory. `sqlite::memory:` keeps nothing.
 *
 * @throws DatabaseUrlError
 */
export function parseDatabaseUrl(text: string | undefined, defaultPath: string): DatabaseUrl {
  const url = (text ?? '').trim()
  if (url === '') return { kind: 'sqlite', path: resolve(defaultPath) }
  if (/^postgres(?:ql)?:\/\/./.test(url)) return { kind: 'postgres', url }
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1]
  if (path === undefined) throw new DatabaseUrlError(url)
  return { kind: 'sqlite', path: path === ':memory:' ? path : resolve(path) }
}
