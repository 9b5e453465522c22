// PostgreSQL and Redis in the room, where Pods reach them at the node's address.
import { appendFileSync, chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findPartNamed } from '../../../tools/e2e/parts.ts'
import { NODE_ADDRESS } from './cluster.ts'
import type { Podman } from './podman.ts'

export interface Stores {
  /** For DATABASE_URL. */
  databaseUrl(name: string): string
  /** For REDIS_URL. */
  readonly redisUrl: string
  stop(): Promise<void>
}

/** Why they cannot be started here, or undefined when they can. */
export const noStores: string | undefined = ['PostgreSQL', 'Redis'].find(
  (part) => findPartNamed(part) === undefined,
)

/** @param names of the databases to make. */
export async function openStores({ room }: Podman, names: readonly string[]): Promise<Stores> {
  const bin = dirname(realpathSync(findPartNamed('PostgreSQL') ?? ''))
  const folder = mkdtempSync(join(tmpdir(), 'postern-stores-'))
  const run = async (...command: readonly [string, ...string[]]): Promise<string> => {
    const { code, stdout, stderr } = await room.run(...command)
    if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr}`)
    return stdout.trim()
  }
  chownSync(folder, Number(await run('id', '-u', 'postgres')), -1)
  // PostgreSQL refuses to run as root.
  const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] as const
  const data = join(folder, 'data')
  await run(...asPostgres, join(bin, 'initdb'), '-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8')
  appendFileSync(join(data, 'pg_hba.conf'), 'host all all 10.0.0.0/8 trust\n')
  const listen = ['-h', '0.0.0.0', '-p', '5432', '-k', folder]
  const isReady = (line: string): boolean => line.includes('ready to accept connections')
  const postgres = await room.start(isReady, ...asPostgres, join(bin, 'postgres'), '-D', data, ...listen)
  for (const name of names) await run(join(bin, 'createdb'), '-h', '127.0.0.1', '-U', 'test', name)
  const isUp = (line: string): boolean => line.includes('Ready to accept connections')
  const flags = ['--bind', '0.0.0.0', '--protected-mode', 'no', '--save', '', '--appendonly', 'no']
  const redis = await room.start(isUp, findPartNamed('Redis') ?? '', ...flags)
  return {
    databaseUrl: (name) => `postgres://test@${NODE_ADDRESS}:5432/${name}`,
    redisUrl: `redis://${NODE_ADDRESS}:6379`,
    stop: async () => {
      await redis.stop()
      await postgres.stop('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
