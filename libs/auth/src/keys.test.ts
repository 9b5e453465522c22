import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeyFolder, type KeyFolder } from './key-folder.ts'
import { openRotatingKeys, type RotatingKeys } from './rotating-keys.ts'

const plan = { rotateAfterMs: 1_000, publishBeforeMs: 100, keepAfterMs: 300 }
let folder: string
let nowMs: number
const clock = () => new Date(nowMs)
const failOnError = (error: unknown) => {
  throw error
}
const open = () => openRotatingKeys(openKeyFolder(folder), plan, failOnError, clock)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  nowMs = Date.UTC(2026, 10, 20)
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('signing keys', () => {
  test('the first start makes one, readable by its owner only, and a restart keeps it', () => {
    const { kid } = open().current()
    const [file = ''] = readdirSync(folder)
    expect(file).toBe('first.pem')
    expect(open().current().createdAt).toEqual(new Date(nowMs))
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    expect(open().current().kid).toBe(kid)
  })

  test('a new key is published, then signs, then the old one goes', () => {
    const keys = open()
    const old = keys.current().kid
    const ids = () => keys.published().map(({ kid }) => kid)
    nowMs += 1_000
    keys.refresh()
    // Published, but verifiers that keep the key set do not know it yet.
    expect(ids()).toHaveLength(2)
    expect(keys.current().kid).toBe(old)
    nowMs += 100
    keys.refresh()
    expect(keys.current().kid).not.toBe(old)
    expect(keys.find(old)).toBeDefined()
    nowMs += 299
    keys.refresh()
    expect(keys.find(old)).toBeDefined()
    nowMs += 1
    keys.refresh()
    expect(keys.find(old)).toBeUndefined()
    expect(ids()).toEqual([keys.current().kid])
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('replicas that start together on an empty folder sign with one key', () => {
    const keyFolder = openKeyFolder(folder)
    // Both find the folder empty, then the other is faster.
    const slow: KeyFolder = {
      ...keyFolder,
      addFirst: (key) => {
        other = open()
        keyFolder.addFirst(key)
      },
    }
    let other: RotatingKeys | undefined
    const one = openRotatingKeys(slow, plan, failOnError, clock)
    expect(other?.current().kid).toBe(one.current().kid)
    expect(readdirSync(folder)).toEqual(['first.pem'])
  })

  test('a replica with the same process id, as containers have, does not write into the other’s unfinished key', () => {
    const unfinished = join(folder, `first.pem.${process.pid}.tmp`)
    writeFileSync(unfinished, 'half a key')
    open()
    nowMs += 1_000
    open().refresh()
    expect(readFileSync(unfinished, 'utf8')).toBe('half a key')
    expect(readdirSync(folder)).toHaveLength(3)
  })

  test('a first key without its date is named', () => {
    open()
    const file = join(folder, 'first.pem')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^Made-At.*\n/, ''))
    expect(open).toThrow(/first\.pem holds no usable key: expected a first line like Made-At/)
  })

  test('two replicas on one folder come to the same key', () => {
    const [one, other] = [open(), open()]
    for (let step = 0; step < 12; step += 1) {
      nowMs += 150
      one.refresh()
      other.refresh()
      one.refresh()
      expect(one.current().kid).toBe(other.current().kid)
    }
  })

  test('the public half alone is published', () => {
    expect(Object.keys(open().published()[0] ?? {}).sort()).toEqual([
      'alg',
      'crv',
      'kid',
      'kty',
      'use',
      'x',
      'y',
    ])
  })

  test('a file that holds no key is named', () => {
    writeFileSync(join(folder, '20261120T000000000Z.pem'), 'nonsense')
    expect(open).toThrow(/20261120T000000000Z\.pem holds no usable key/)
  })

  test.each([
    ['another curve', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['a short RSA key', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
    ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
  ])('RFC 8725 §3.5 a key that is not what ES256 takes is refused: %s', (_name, make) => {
    const pem = make().export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(join(folder, '20261120T000000000Z.pem'), pem)
    expect(open).toThrow(/expected an EC private key on the curve P-256/)
  })

  test('RFC 8725 §3.5 a public key, or a key behind a passphrase, signs nothing', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const locked = { cipher: 'aes-256-cbc', passphrase: 'a' } as const
    for (const pem of [
      publicKey.export({ type: 'spki', format: 'pem' }),
      privateKey.export({ type: 'pkcs8', format: 'pem', ...locked }),
    ]) {
      writeFileSync(join(folder, '20261120T000000000Z.pem'), pem)
      expect(open).toThrow(/holds no usable key/)
    }
  })

  test('other files are left alone', () => {
    writeFileSync(join(folder, 'README'), 'hands off')
    open()
    expect(readdirSync(folder).sort()).toEqual(['README', 'first.pem'])
  })
})
