// During a Jest run, everything that started programs write is kept in the folder that TEST_LOGS names, and so are the secrets that
// the tests use; at the end of the run the one is searched for the other (tools/log-scan). Without TEST_LOGS nothing is kept.
import type { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/** Members of requests and answers that no log may show. */
const SECRET_NAMES = new Set(['password', 'newPassword', 'token', 'refreshToken', 'hash', 'rehash'])

/** Keeps what a program writes to standard output and standard error, as far as they are pipes. */
export function keepOutput(name: string, child: Pick<ChildProcess, 'pid' | 'stdout' | 'stderr'>): void {
  const folder = process.env['TEST_LOGS']
  if (folder === undefined) return
  const file = join(folder, `${name.replaceAll('/', '-')}-${child.pid}.log`)
  for (const stream of [child.stdout, child.stderr])
    // Written at once: a worker that is killed loses nothing.
    stream?.on('data', (chunk: Buffer | string) => {
      appendFileSync(file, chunk)
    })
}

/** Remembers the secrets in a request or an answer: by the names of its members, at any depth, and the values of cookies. */
export function keepSecrets(body: unknown, cookies: readonly string[] = []): void {
  const folder = process.env['TEST_LOGS']
  if (folder === undefined) return
  const values = cookies.map((cookie) => cookie.split(';', 1)[0]?.split('=')[1] ?? '')
  const secrets = [...secretsIn(body), ...values].filter((secret) => secret !== '')
  if (secrets.length === 0) return
  const lines = secrets.map((secret) => `${JSON.stringify(secret)}\n`)
  appendFileSync(join(folder, `${process.pid}.secrets`), lines.join(''), { mode: 0o600 })
}

function secretsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]: readonly [string, unknown]) =>
    SECRET_NAMES.has(name) && typeof member === 'string' ? [member] : secretsIn(member),
  )
}
