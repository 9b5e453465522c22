import { expect, jest, test } from '@jest/globals'
import { requestJson, startApp } from '@postern/testing'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeUntilKilled } from './write-until-killed.ts'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tasks-'))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const startAuth = (cwd: string) => startApp({ folder: 'apps/auth', cwd, env: { DEMO_MODE: '1' } })

test('kill -9 during acknowledged POSTs loses none', () =>
  inFolder(async (cwd) => {
    const auth = await startAuth(cwd)
    const env = { DEMO_MODE: '1', AUTH_ADDRESS: new URL(auth.url).host }
    const { acknowledged, kept } = await writeUntilKilled({ cwd, env, writers: 8, killAfter: 100 })
    expect(acknowledged.length).toBeGreaterThanOrEqual(100)
    expect(acknowledged.filter((title) => !kept.has(title))).toEqual([])
    await auth.stop()
  }))

test('W11 imports an old tasks.txt once, keeps damaged records aside', () =>
  inFolder(async (cwd) => {
    const records = ['{"title":"a","text":"1"}', '{"title":', '{"title":"b TASK_SPLIT","text":"2"}', '{}']
    await writeFile(join(cwd, 'tasks.txt'), records.map((record) => `${record}TASK_SPLIT`).join(''))
    const auth = await startAuth(cwd)
    const env = { DEMO_MODE: '1', AUTH_ADDRESS: new URL(auth.url).host, TASKS_FOLDER: cwd }
    for (const _start of [1, 2]) {
      const tasks = await startApp({ folder: 'apps/tasks', cwd, env })
      expect((await requestJson(`${tasks.url}/tasks`, { token: 'abc' })).body).toEqual({
        message: 'Tasks loaded.',
        tasks: [
          { title: 'a', text: '1' },
          { title: 'b TASK_SPLIT', text: '2' },
        ],
      })
      await tasks.stop()
    }
    expect(readFileSync(join(cwd, 'tasks.txt.damaged'), 'utf8')).toBe('"{\\"title\\":"\n"{}"\n')
    expect(existsSync(join(cwd, 'tasks.txt.imported'))).toBe(true)
    await auth.stop()
  }))

test('W31 starts with the variables that Kubernetes injects', () =>
  inFolder(async (cwd) => {
    const names = ['AUTH', 'USERS', 'TASKS', 'HELLO', 'FRONTEND', 'GATEWAY']
    const injected = Object.fromEntries(names.map((name) => [`${name}_PORT`, 'tcp://10.0.0.1:80']))
    for (const folder of ['apps/auth', 'apps/users', 'apps/tasks']) {
      const app = await startApp({ folder, cwd, env: injected })
      expect(app.output()).not.toContain('tcp:')
      expect(await app.stop()).toBe(0)
    }
  }))
