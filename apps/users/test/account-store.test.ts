import { afterAll } from '@jest/globals'
import { usedByNewer } from '@postern/testing/used-by-newer'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../src/migrations.ts'
import { describeAccountStore } from './describe-account-store.ts'

describeAccountStore('SQLite', () => ({ kind: 'sqlite', path: ':memory:' }))

const folder = mkdtempSync(join(tmpdir(), 'users-newer-'))
const upgraded = await usedByNewer('users', migrations, folder)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describeAccountStore('SQLite that a newer version has used', () => upgraded)
