import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'make-certs.ts')

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-keys-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('V32 S3.9 a key and a self-signed certificate at the given paths', async () => {
  const [key, cert] = [join(folder, 'nginx.key'), join(folder, 'nginx.crt')]
  await writeFile(key, 'an old key', { mode: 0o644 })
  await run(process.execPath, [script, 'pair', '--key', key, '--cert', cert])

  const x509 = new X509Certificate(await readFile(cert))
  expect(x509.subject).toBe('CN=nginxsvc\nO=nginxsvc')
  expect(x509.checkPrivateKey(createPrivateKey(await readFile(key)))).toBe(true)
  expect(x509.publicKey.asymmetricKeyType).toBe('rsa')
  for (const name of ['nginxsvc', 'my-nginx', 'localhost']) expect(x509.checkHost(name)).toBe(name)
  expect(x509.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect((await stat(key)).mode & 0o777).toBe(0o600)
})

test('V32 the printed form is a target of the Makefile, and clean removes both files', async () => {
  const makefile = await readFile(join(import.meta.dirname, '..', 'Makefile'), 'utf8')
  expect(makefile).toMatch(/^keys: .*\n\t.*make-certs\.ts pair --key '\$\(KEY\)' --cert '\$\(CERT\)'/m)
  expect(makefile).toMatch(/^clean:\n\trm -f -- '\$\(KEY\)' '\$\(CERT\)'/m)
})

test('wrong usage says what is missing and writes nothing', async () => {
  const key = join(folder, 'only.key')
  const failed = run(process.execPath, [script, 'pair', '--key', key])
  await expect(failed).rejects.toMatchObject({ code: 2 })
  await expect(failed).rejects.toThrow(/--key and --cert are both needed/)
  await expect(access(key)).rejects.toThrow()
})
