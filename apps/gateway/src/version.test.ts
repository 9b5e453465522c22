import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { VERSION } from './version.ts'

test('the version is that of the package', () => {
  const file = new URL('../package.json', import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: VERSION })
})
