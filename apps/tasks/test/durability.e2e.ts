import { expect, jest, test } from '@jest/globals'
import { requestJson, startApp, startPostgres, until } from '@postern/testing'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPartNamed } from '@postern/testing/parts'
import { writeUntilKilled } from './write-until-killed.ts'

const [strace, initdb] = [findPartNamed('strace'), findPartNamed('PostgreSQL')]

// A hundred processes start here; on a busy machine that takes minutes, on an idle one half of one.
jest.setTimeout(600_000)

const FIFTY_ROUNDS = { writers: 16, killAfter: 40, rounds: 50 }

async function withAuth(run: (cwd: string, env: Record<string, string>) => Promise<void>): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'tasks-e2e-'))
  const auth = await startApp({ folder: 'apps/auth', cwd, env: { DEMO_MODE: '1' } })
  try {
    await run(cwd, { DEMO_MODE: '1', AUTH_ADDRESS: new URL(auth.url).host })
  } finally {
    await auth.stop()
    await rm(cwd, { recursive: true, force: true })
  }
}

test('kill -9 during 1,000 acknowledged POSTs loses none', () =>
  withAuth(async (cwd, env) => {
    const { acknowledged, kept } = await writeUntilKilled({ cwd, env, writers: 16, killAfter: 1_000 })
    expect(acknowledged.length).toBeGreaterThanOrEqual(1_000)
    expect(acknowledged.filter((title) => !kept.has(title))).toEqual([])
  }))

test('50 rounds of kill -9 under 16 writers lose nothing acknowledged on SQLite', () =>
  withAuth(async (cwd, env) => {
    const { acknowledged, kept } = await writeUntilKilled({ cwd, env, ...FIFTY_ROUNDS })
    expect(acknowledged.length).toBeGreaterThanOrEqual(2_000)
    expect(acknowledged.filter((title) => !kept.has(title))).toEqual([])
  }))

const withPostgres = initdb === undefined ? test.skip : test

withPostgres('50 rounds of kill -9 lose nothing on PostgreSQL, that crashes in every tenth', () =>
  withAuth(async (cwd, env) => {
    const postgres = await startPostgres(initdb ?? '')
    try {
      const { acknowledged, kept } = await writeUntilKilled({
        cwd,
        env: { ...env, DATABASE_URL: postgres.url },
        ...FIFTY_ROUNDS,
        afterKill: async (round) => {
          if (round % 10 === 0) await postgres.crash()
        },
      })
      expect(acknowledged.length).toBeGreaterThanOrEqual(2_000)
      expect(acknowledged.filter((title) => !kept.has(title))).toEqual([])
    } finally {
      await postgres.stop()
    }
  }),
)

const traced = strace === undefined ? test.skip : test

traced('a system-call trace shows an fsync of the journal before the 201', () =>
  withAuth(async (cwd, env) => {
    const tasks = await startApp({ folder: 'apps/tasks', cwd, env })
    // The first request opens connections and prepares statements; the second is the one to look at.
    const store = () => requestJson(`${tasks.url}/tasks`, { token: 'abc', body: { title: 'x', text: 'x' } })
    await store()
    const calls = '--trace=fsync,fdatasync,write,writev,sendto,sendmsg'
    const tracer = spawn(strace ?? 'strace', ['-f', '-y', '-s', '64', calls, '-p', String(tasks.pid)])
    let trace = ''
    tracer.stderr.setEncoding('utf8').on('data', (chunk: string) => (trace += chunk))
    await until('strace is attached', () => trace.includes('attached'))
    expect((await store()).status).toBe(201)
    await until('the answer is in the trace', () => trace.includes('HTTP/1.1 201'))
    tracer.kill()
    const synced = trace.search(/f(?:data)?sync\(\d+<[^>]*tasks\.db-wal>\)\s+= 0/)
    expect(synced).toBeGreaterThan(-1)
    expect(synced).toBeLessThan(trace.indexOf('HTTP/1.1 201'))
    await tasks.stop()
  }),
)
