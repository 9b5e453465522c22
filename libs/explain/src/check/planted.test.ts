import { beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { check } from './check.ts'

const FOLDER = join(import.meta.dirname, '../../testdata/planted')
const NOW = new Date('2026-11-20T00:00:00Z')
const FILES = readdirSync(FOLDER).sort()
const PLANTED = new Map(FILES.map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]))

const CERTIFICATE = /<certificate (\S+) (\S+)>/
const texts = new Map<string, string>()

beforeAll(async () => {
  for (const [file, text] of PLANTED) texts.set(file, await withCertificates(text))
})

// Each file plants faults; `# expect code` stands on the line where the finding belongs.
describe('check finds each planted fault at its line, and nothing else', () => {
  test.each(FILES)('%s', (file) => {
    const text = texts.get(file) ?? ''
    const { value, diagnostics } = parseYaml(text, file)
    const found = check({ manifests: value, diagnostics }, DEFAULT_COMPILE_SETTINGS, NOW)
    const expected = text
      .split('\n')
      .flatMap((line, index) => codesIn(line).map((code) => `${String(index + 1)} ${code}`))
    // What is merely good to know may stand beside a fault without being named.
    const told = found
      .map(({ line, code, severity }) => ({ severity, at: `${String(line)} ${code}` }))
      .filter(({ severity, at }) => severity !== 'info' || expected.includes(at))
    expect(told.map(({ at }) => at)).toEqual(expected)
  })
})

// Read from the sources, so that a new code without a planted fault fails here by name.
test('every code of the rules of check is planted somewhere', () => {
  const rules = readdirSync(join(import.meta.dirname, 'rules')).map((name) => join('rules', name))
  // What kubernetes-fields finds gets its code there.
  const codes = [...rules, 'judge-with-world.ts', 'schema/misfits.ts']
    .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('kubernetes-fields.ts'))
    .map((file) => [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/\bcode: '([\w-]+)'/g)])
  const planted = new Set([...PLANTED.values()].flatMap(codesIn))
  // A rule whose code is written in another way would be passed over in silence.
  expect(codes.filter((found) => found.length === 0)).toEqual([])
  expect(
    codes
      .flat()
      .map((match) => match[1] ?? '')
      .filter((code) => !planted.has(code)),
  ).toEqual([])
})

function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/# expect ([\w-]+)/g)].map((match) => match[1] ?? '')
}

/** Puts a new pair, base64, in the place of each `<certificate FROM UNTIL>` and of the `<key>` of the same document. */
async function withCertificates(text: string): Promise<string> {
  const documents = text.split('---\n').map(async (document) => {
    const [, from, until] = CERTIFICATE.exec(document) ?? []
    if (from === undefined || until === undefined) return document
    const pair = await generate([{ name: 'commonName', value: 'shop.example' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(from),
      notAfterDate: new Date(until),
    })
    const base64 = (pem: string): string => Buffer.from(pem).toString('base64')
    return document.replace(CERTIFICATE, base64(pair.cert)).replace(/(?<=: )<key>/, base64(pair.private))
  })
  return (await Promise.all(documents)).join('---\n')
}
