import { afterAll } from '@jest/globals'
import { usedByNewer } from '@postern/testing/used-by-newer'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../src/migrations.ts'
import { describeSessionStore } from './describe-session-store.ts'

describeSessionStore('SQLite', () => ({ kind: 'sqlite', path: ':memory:' }))

const folder = mkdtempSync(join(tmpdir(), 'auth-newer-'))
const upgraded = await usedByNewer('auth', migrations, folder)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describeSessionStore('SQLite that a newer version has used', () => upgraded)
