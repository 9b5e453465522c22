import { describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_COMPILE_SETTINGS, parseYaml, type CompileSettings } from '@postern/control-plane'
import { ingress, serviceAt, toYaml, type ManifestObject } from '@postern/testing'
import { ASKED_CONFUSIONS, type AskedConfusion } from '../test/asked-confusions.ts'
import { CONFUSIONS } from '../test/confusions.ts'
import { FURTHER_CONFUSIONS } from '../test/further-confusions.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
import { plain, renderExplanation } from './render-explanation.ts'
import { parseExplainRequest, type RequestWords } from './request.ts'
import { makeSubject } from './subject.ts'

const GOLDEN = join(import.meta.dirname, '../testdata')
const SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/explain.schema.json'), 'utf8'),
) as object
const isExplanation = new Ajv({ strict: true }).compile(SCHEMA)

async function ask(
  objects: readonly ManifestObject[],
  words: RequestWords,
  settings: Partial<CompileSettings> = {},
): Promise<Explanation> {
  const { value, diagnostics } = parseYaml(toYaml(...objects), 'shop.yaml')
  const subject = makeSubject({ manifests: value, diagnostics }, { ...DEFAULT_COMPILE_SETTINGS, ...settings })
  return explain(subject, parseExplainRequest(words))
}

/** As they would stand on the command line. */
function flagsOf({ method, headers = [], from }: Omit<RequestWords, 'url'> = {}): readonly string[] {
  return [
    ...(method === undefined ? [] : [`-X ${method}`]),
    ...headers.map((line) => `-H '${line}'`),
    ...(from === undefined ? [] : [`--from ${from}`]),
  ]
}

/** `UPDATE_GOLDEN=1 npm test` writes the file anew. */
function expectGolden(file: string, text: string): void {
  const path = join(GOLDEN, file)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

describe('explain', () => {
  test.each<readonly [string, readonly AskedConfusion[]]>([
    ['confusions.txt', CONFUSIONS],
    ['further-confusions.txt', FURTHER_CONFUSIONS],
    ['asked-confusions.txt', ASKED_CONFUSIONS],
  ])('answers typical confusions in one sentence that names the fix: %s', async (file, confusions) => {
    const answers: string[] = []
    for (const { name, url, objects, words } of confusions) {
      const { summary, findings } = await ask(objects, { url, ...words })
      answers.push(
        `${name}: ${[url, ...flagsOf(words)].join(' ')}\n  ${summary}\n  ${findings[0]?.sentence ?? 'nothing'}\n`,
      )
    }
    expectGolden(file, answers.join('\n'))
  })

  test.each<AskedConfusion>([...CONFUSIONS, ...FURTHER_CONFUSIONS, ...ASKED_CONFUSIONS])(
    '$name: fits 100 and 60 columns, and its JSON fits the schema',
    async ({ url, objects, words }) => {
      const explanation = await ask(objects, { url, ...words })
      for (const width of [100, 60]) {
        const lines = renderExplanation(explanation, plain, width).split('\n')
        expect(lines.filter((line) => line.length > width)).toEqual([])
      }
      isExplanation(JSON.parse(JSON.stringify(explanation)))
      expect(isExplanation.errors ?? []).toEqual([])
    },
  )

  test.each([
    [
      { 'auth-url': 'http://auth.example/verify' },
      'the auth service http://auth.example/verify lets the request pass (2xx); 401 and 403 are passed on, and anything else becomes 500',
    ],
    [
      { 'auth-url': 'http://auth.example/verify', 'auth-signin': 'https://login.example/' },
      'the auth service http://auth.example/verify lets the request pass (2xx); 401 becomes a redirect to the sign-in page, 403 is passed on, and anything else becomes 500',
    ],
    [
      { 'auth-url': 'http://login.auth.svc.cluster.local:4180/verify' },
      'the auth service http://login.auth.svc.cluster.local:4180/verify is found, which takes the DNS of a cluster (elsewhere it has no address and this answers 500), and lets the request pass (2xx); 401 and 403 are passed on, and anything else becomes 500',
    ],
    [{ 'limit-rps': '5' }, 'the client has not used up its limits; beyond them it is answered 503'],
  ])('says what only the running system knows: %j', async (annotations, assumption) => {
    const rules = [{ host: 'shop.example', paths: [{ service: 'shop' }] }]
    const shop = ingress({ name: 'shop', annotations: annotations as Record<string, string>, rules })
    const objects = [shop, ...serviceAt('shop', [{ address: '10.0.0.7', port: 8080 }])]
    const explanation = await ask(objects, { url: 'http://shop.example/' })
    expect(explanation.assumptions).toEqual([assumption])
    expect(renderExplanation(explanation).replace(/\s+/g, ' ')).toContain(
      `? Taken for granted: ${assumption}.`,
    )
  })

  describe('an auth service that is among the manifests', () => {
    const annotations = { 'auth-url': 'http://login.auth.svc.cluster.local/verify' }
    const shop = ingress({
      name: 'shop',
      annotations,
      rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
    })
    const served = serviceAt('shop', [{ address: '10.0.0.7', port: 8080 }])
    const url = 'http://shop.example/'

    test('is named by its backend, and needs no DNS', async () => {
      const login = serviceAt('login', [{ address: '10.0.0.8', port: 4180 }], 'auth')
      const { assumptions, findings, outcomes } = await ask([shop, ...served, ...login], { url })
      expect([findings, outcomes[0]?.outcome.kind]).toEqual([[], 'forwarded'])
      expect(assumptions[0]).toMatch(
        /^the auth service http:\S+ \(backend auth\/login\/80\) lets the request pass \(2xx\);/,
      )
    })

    test('without ready endpoints answers 500, and it is said why', async () => {
      const [service, slice] = serviceAt('login', [{ address: '10.0.0.8', port: 4180 }], 'auth')
      const conditions = { ready: false }
      const resting = { ...slice, endpoints: [{ addresses: ['10.0.0.8'], conditions }] }
      const { findings, summary } = await ask([shop, ...served, service!, resting], { url })
      expect(summary).toMatch(/^answered 500 \(the auth service could not be asked: /)
      expect(findings.map(({ sentence }) => sentence)).toEqual([
        'The auth service cannot be asked: None of the 1 endpoints of Service auth/login can be used (it is not ready), so this answers 500: see why its Pods are not ready.',
      ])
    })
  })

  test('takes nothing for granted that is never asked', async () => {
    const annotations = {
      'auth-url': 'http://auth.example/verify',
      'permanent-redirect': 'https://new.example/',
    }
    const rules = [{ host: 'shop.example', paths: [{ service: 'shop' }] }]
    const { assumptions } = await ask([ingress({ name: 'shop', annotations, rules })], {
      url: 'http://shop.example/',
    })
    expect(assumptions).toEqual([])
  })

  test('says nothing against a canary that is at work, though another of its paths is not', async () => {
    const canary = FURTHER_CONFUSIONS.find(({ name }) => name === 'one path of a canary too many')!
    const { findings, outcomes } = await ask(canary.objects, { url: 'http://shop.example/' })
    expect([outcomes.length, findings]).toEqual([2, []])
  })

  test('tells of a canary of the same Service only where it holds', async () => {
    const { objects } = FURTHER_CONFUSIONS.find(({ name }) => name.includes('another host'))!
    expect((await ask(objects, { url: 'http://other.example/own' })).findings).toEqual([])
  })

  // Only serve knows the port that HTTPS listens on.
  test.each([
    ['http://shop.example:8088/a', {}, 'https://shop.example/a', 1],
    ['http://shop.example/a', {}, 'https://shop.example/a', 0],
    ['http://shop.example:8088/a', { httpsRedirectPort: 8443 }, 'https://shop.example:8443/a', 0],
  ])('%s with %j is led to %s, taking %d things for granted', async (url, settings, to, count) => {
    const shop = ingress({
      name: 'shop',
      rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
      annotations: { 'force-ssl-redirect': 'true' },
    })
    const { outcomes, assumptions } = await ask([shop], { url }, settings)
    expect(outcomes[0]?.outcome).toMatchObject({ status: 308, location: to })
    expect(assumptions).toHaveLength(count)
  })
})

describe('explain of TLS that is passed through', () => {
  const annotations = { 'ssl-passthrough': 'true' }
  const rules = (path: string) => [{ host: 'shop.example', paths: [{ path, service: 'shop' }] }]
  const shop = (path: string, ...addresses: readonly string[]) => [
    ingress({ name: 'web', annotations, rules: rules(path) }),
    ...serviceAt(
      'shop',
      addresses.map((address) => ({ address, port: 8443 })),
    ),
  ]
  const on = { sslPassthrough: true }

  test('says where the bytes go, and that nothing else is looked at', async () => {
    const url = 'https://shop.example/anything'
    const explanation = await ask(shop('/', '192.0.2.1'), { url }, on)
    expect(explanation.summary).toBe('passed through to default/shop/80, TLS unopened')
    expect(explanation.findings).toEqual([])
    expect(explanation.stages.map(({ stage }) => stage)).toEqual(['listener', 'tls', 'backend', 'endpoints'])
    expect(explanation.wouldChange).toEqual([
      { change: 'over http', outcome: 'forwarded to default/shop/80 as GET /anything' },
    ])
    isExplanation(JSON.parse(JSON.stringify(explanation)))
    expect(isExplanation.errors ?? []).toEqual([])
  })

  test.each([
    ['without a path /', shop('/only', '192.0.2.1'), 'No path / of shop.example leads to a Service'],
    ['without endpoints', shop('/'), 'TLS connections are closed'],
  ])('%s it is closed, and says why', async (_, objects, why) => {
    const { summary, findings } = await ask(objects, { url: 'https://shop.example/' }, on)
    expect(summary).toMatch(/^closed/)
    expect(findings[0]?.sentence).toContain(why)
  })

  test('without the flag TLS ends here, the Service is asked by HTTPS, and a finding says so', async () => {
    const { outcomes, findings } = await ask(shop('/', '192.0.2.1'), { url: 'https://shop.example/' })
    expect(outcomes[0]?.outcome).toMatchObject({ kind: 'forwarded', protocol: 'https' })
    expect(findings.map(({ sentence }) => sentence).join()).toContain('--enable-ssl-passthrough')
  })
})
