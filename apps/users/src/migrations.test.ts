import { expect, test } from '@jest/globals'
import { migrationBreaches } from '@postern/testing/migration-breaches'
import { migrations } from './migrations.ts'

test('the version before each migration can go on after it', async () => {
  expect(await migrationBreaches('users', migrations)).toEqual([])
})
