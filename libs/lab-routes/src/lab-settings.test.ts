import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLabSettings } from './lab-settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'lab-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileWith(content: string): string {
  const file = join(folder, `account-${content.length}`)
  writeFileSync(file, content)
  return file
}

describe("the lab's settings", () => {
  test('in demo mode have the secret and the account that the lab prints', () => {
    expect(readLabSettings({ demo: true, secret: undefined }, {})).toEqual({
      secret: 'secret',
      account: { username: 'user', password: 'password', email: 'user@example.com' },
    })
  })

  test('D8 otherwise need a secret, and nobody can log in', () => {
    expect(() => readLabSettings({ demo: false, secret: undefined }, {})).toThrow(
      /^JWT_SECRET_FILE is missing: expected a file with the secret/,
    )
    expect(readLabSettings({ demo: false, secret: 'other' }, {})).toEqual({
      secret: 'other',
      account: undefined,
    })
  })

  test('take the account from a file', () => {
    const env = { LAB_ACCOUNT_FILE: fileWith('ann:a:long:pass phrase\n') }
    expect(readLabSettings({ demo: false, secret: 'other' }, env).account).toEqual({
      username: 'ann',
      password: 'a:long:pass phrase',
      email: 'ann@example.com',
    })
  })

  test.each(['', 'ann', 'ann:', ':pass', 'ann:pass\nbob:pass\n'])('refuse the account file %j', (content) => {
    const env = { LAB_ACCOUNT_FILE: fileWith(content) }
    expect(() => readLabSettings({ demo: true, secret: undefined }, env)).toThrow(
      /^LAB_ACCOUNT_FILE is ".*": expected a file with one line, user:password$/,
    )
  })

  test('name an account file that cannot be read', () => {
    const env = { LAB_ACCOUNT_FILE: join(folder, 'missing') }
    expect(() => readLabSettings({ demo: true, secret: undefined }, env)).toThrow(
      /LAB_ACCOUNT_FILE.*a readable file.*ENOENT/,
    )
  })
})
