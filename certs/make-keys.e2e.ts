import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPartNamed } from '../tools/e2e/parts.ts'

const [make, openssl] = [findPartNamed('make'), findPartNamed('openssl')]
const testOrSkip = make !== undefined && openssl !== undefined ? test : test.skip
if (testOrSkip === test.skip) console.warn('SKIPPED: V32 with the real make needs make and openssl')

const root = join(import.meta.dirname, '..')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-make-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

testOrSkip('V32 make keys, as printed, and make clean', async () => {
  const [key, cert] = [join(folder, 'nginx.key'), join(folder, 'nginx.crt')]
  const run = (program: string | undefined, ...args: string[]) =>
    execFileSync(program ?? '', args, { cwd: root, encoding: 'utf8' })
  run(make, 'keys', `KEY=${key}`, `CERT=${cert}`)

  const shown = run(openssl, 'x509', '-in', cert, '-noout', '-subject', '-ext', 'subjectAltName')
  expect(shown).toMatch(/CN ?= ?nginxsvc, O ?= ?nginxsvc/)
  expect(shown).toContain('DNS:nginxsvc, DNS:my-nginx, DNS:localhost')
  const publicKey = run(openssl, 'pkey', '-in', key, '-pubout')
  expect(run(openssl, 'x509', '-in', cert, '-noout', '-pubkey')).toBe(publicKey)

  run(make, 'clean', `KEY=${key}`, `CERT=${cert}`)
  await expect(access(key)).rejects.toThrow()
  await expect(access(cert)).rejects.toThrow()
})
