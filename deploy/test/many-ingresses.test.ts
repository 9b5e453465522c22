// S1.30: there may be fifty Ingress objects; their rules are merged, and the right one answers.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { ROOT } from './read-manifests.ts'

const HOW_MANY = 60
/** Every second Ingress shares one host; the others have one each. */
const hostOf = (number: number): string => (number % 2 === 0 ? 'shared.example' : `own-${number}.example`)

describe('S1.30 sixty Ingress objects', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'postern-sixty-'))
    for (let number = 0; number < HOW_MANY; number++)
      writeFileSync(
        join(folder, `${number}.yaml`),
        [ingress(number), service(number)].map((one) => stringify(one)).join('---\n'),
      )
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const backendOf = (url: string): string | undefined => {
    const main = ['--conditions=@postern/source', join(ROOT, 'apps/gateway/src/main.ts')]
    const args = ['explain', url, `--manifests=${folder}`, '--service-dns', '--json']
    const printed = execFileSync(process.execPath, [...main, ...args], { encoding: 'utf8' })
    const { outcomes } = JSON.parse(printed) as { outcomes: { outcome: { backend?: string } }[] }
    return outcomes[0]?.outcome.backend
  }

  test.each([
    ['the one of thirty rules of a host', 36],
    ['the host of its own', 37],
  ])('%s', (_, number) => {
    expect(backendOf(`http://${hostOf(number)}/path-${number}/x`)).toBe(`default/service-${number}/80`)
  })

  test('a path of another host is nobody’s', () => {
    expect(backendOf(`http://${hostOf(36)}/path-37`)).toBeUndefined()
  })
})

function ingress(number: number): object {
  const backend = { service: { name: `service-${number}`, port: { number: 80 } } }
  const paths = [{ path: `/path-${number}`, pathType: 'Prefix', backend }]
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: `ingress-${number}`, namespace: 'default' },
    spec: { ingressClassName: 'nginx', rules: [{ host: hostOf(number), http: { paths } }] },
  }
}

function service(number: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `service-${number}`, namespace: 'default' },
    spec: { selector: { app: `app-${number}` }, ports: [{ port: 80 }] },
  }
}
