import { describe, expect, jest, test } from '@jest/globals'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../src/program.ts'

const ROOT = join(import.meta.dirname, '../../..')

async function run(...words: readonly string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const take = (chunk: unknown): boolean => {
    out += String(chunk)
    return true
  }
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation(take),
  )
  const before = process.exitCode
  try {
    process.exitCode = undefined
    const code = await runProgram(words, () => Promise.reject(new Error('nothing is served here')))
    return { code: code ?? Number(process.exitCode ?? 0), out }
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.exitCode = before
  }
}

describe('postern check', () => {
  test.each(['ingress', 'deploy'])('is clean on %s/', async (folder) => {
    const { code, out } = await run('check', join(ROOT, folder))
    expect([code, out.split('\n').filter((line) => / (error|warning) /.test(line))]).toEqual([0, []])
  })

  test('exit codes: 1 with findings, 2 for wrong usage', async () => {
    const faults = join(ROOT, 'libs/explain/testdata/planted')
    expect((await run('check', faults)).code).toBe(1)
    expect((await run('check', '--format', 'pdf', faults)).code).toBe(2)
    expect((await run('explain', 'service', '--manifests', faults)).code).toBe(2)
    expect((await run('explain', 'http://a.example/', '--from', 'me', '--manifests', faults)).code).toBe(2)
  })

  test.each([
    ['service', 'users-service', 0],
    ['service', 'user-service', 1],
    ['env', 'auth', 0],
    ['env', 'other/auth', 1],
    ['dns', 'auth-service', 0],
    ['dns', 'auth-service.other', 1],
    ['tls', 'demo.localhost', 0],
    ['tls', 'www.demo.example', 1],
  ])('explain %s %s ends with %i', async (topic, name, code) => {
    const course = ['docs/concepts/examples/course.yaml', 'ingress'].map((path) => join(ROOT, path))
    const manifests = course.flatMap((path) => ['--manifests', path])
    expect((await run('explain', topic, name, ...manifests)).code).toBe(code)
  })

  test('--fix corrects slips, and leaves every other letter alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-check-'))
    const file = join(folder, 'shop.yaml')
    const text = (annotation: string, type: string, host: string, quoted: string): string => `# kept
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    ${annotation}: '2' # kept too
    nginx.ingress.kubernetes.io/limit-rpm: ${quoted}
spec:
  ingressClassName: nginx
  rules:
    - host: ${host}
      http:
        paths:
          - path: /api(/|$)(.*)
            pathType: ${type}
            backend: { service: { name: shop, port: { number: 80 } } }
`
    try {
      await writeFile(file, text('nginx.ingress.kubernetes.io/limit-rsp', 'Prefix', 'Shop.example', '9'))
      // What the API server would refuse hides what stands behind it: the second round finds that.
      await run('check', '--fix', folder)
      const { code } = await run('check', '--fix', folder)
      expect(await readFile(file, 'utf8')).toBe(
        text('nginx.ingress.kubernetes.io/limit-rps', 'ImplementationSpecific', 'shop.example', "'9'"),
      )
      expect(code).toBe(0)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
