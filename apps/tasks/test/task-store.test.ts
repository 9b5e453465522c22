import { afterAll } from '@jest/globals'
import { usedByNewer } from '@postern/testing/used-by-newer'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../src/migrations.ts'
import { describeTaskStore } from './describe-task-store.ts'

describeTaskStore('SQLite', () => ({ kind: 'sqlite', path: ':memory:' }))

const folder = mkdtempSync(join(tmpdir(), 'tasks-newer-'))
const upgraded = await usedByNewer('tasks', migrations, folder)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describeTaskStore('SQLite that a newer version has used', () => upgraded)
