import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { spawnTied } from './spawn-tied.ts'
import { until } from './until.ts'

const run = promisify(execFile)

/** A PostgreSQL server of a test's own, with an empty database. */
export interface Postgres {
  /** For `DATABASE_URL`. */
  readonly url: string
  /** Kills the server as a power cut would, and starts it again on the same data and port. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts PostgreSQL on a free loopback port in a folder of its own. `initdb` is the full path of that program; the
 * others lie beside it. PostgreSQL refuses to run as root: then it runs as the user `postgres`.
 */
export async function startPostgres(initdb: string): Promise<Postgres> {
  const bin = dirname(await realpath(initdb))
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  const as = await ownedBy(folder)
  const data = join(folder, 'data')
  const port = await freePort()
  await run(
    as.command,
    [...as.args, join(bin, 'initdb'), '-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8'],
    {
      cwd: folder,
    },
  )
  const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder]
  const start = async () => {
    const command = [as.command, ...as.args, join(bin, 'postgres'), ...options]
    const server = spawnTied({ name: 'postgres', command, cwd: folder, endSignal: 'SIGINT' })
    await until('PostgreSQL answers', () => isReady(join(bin, 'pg_isready'), port), 60_000)
    return server
  }
  let server = await start()
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    crash: async () => {
      // SIGQUIT: no shutdown work, children included; the next start recovers from the journal.
      await end('SIGQUIT')
      server = await start()
    },
    stop: async () => {
      await end('SIGINT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function ownedBy(
  folder: string,
): Promise<{ readonly command: string; readonly args: readonly string[] }> {
  if (userInfo().uid !== 0) return { command: 'env', args: [] }
  const { stdout } = await run('id', ['-u', 'postgres'])
  await chown(folder, Number(stdout), -1)
  return { command: 'setpriv', args: ['--reuid=postgres', '--regid=postgres', '--clear-groups'] }
}

async function isReady(program: string, port: number): Promise<boolean> {
  return run(program, ['-h', '127.0.0.1', '-p', String(port)]).then(
    () => true,
    () => false,
  )
}
