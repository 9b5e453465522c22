import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanLogs } from './scan-logs.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-scan-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function scan(lines: readonly string[], secrets: readonly string[] = []): readonly string[] {
  writeFileSync(join(folder, 'app-1.log'), lines.map((line) => `${line}\n`).join(''))
  writeFileSync(join(folder, '1.secrets'), secrets.map((secret) => `${JSON.stringify(secret)}\n`).join(''))
  return scanLogs(folder).findings.map(({ line, what }) => `${line}: ${what}`)
}

test.each([
  ['{"password":"a-long-password"}', 'a secret that a test used'],
  ['GET /hashed-password/a-long-password?x=1', 'a secret that a test used'],
  ['said "two words here" to it', 'a secret that a test used'],
  ['$argon2id$v=19$m=64,t=1,p=1$AAAA$BBBB', 'a password hash (PHC)'],
  ['token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1MSJ9.AAAA', 'a signed token'],
  ['{"hashedPassword":"testers_hash"}', 'a hash of the course'],
  ['-----BEGIN PRIVATE KEY-----', 'a private key'],
  ['authorization: Bearer abcdefgh12345678', 'a bearer token'],
])('%s', (line, what) => {
  expect(scan(['fine', line], ['a-long-password', 'two words here'])).toEqual([`2: ${what}`])
})

test.each([
  '{"level":"info","path":"/tasks","status":200,"msg":"request"}',
  'www-authenticate: Bearer error="invalid_token"',
  'a user called tester with the token abc',
  '{"token":"[redacted]"}',
  'STATEMENT:  update "accounts" set "password_hash" = $1',
])('nothing in %s', (line) => {
  expect(scan([line], ['tester', 'abc', 'a-long-password'])).toEqual([])
})

test('what was read is counted', () => {
  scan(['one', 'two'], ['a-long-password', 'a-long-password', 'short'])
  expect(scanLogs(folder)).toEqual({ files: 1, lines: 2, secrets: 1, findings: [] })
})
