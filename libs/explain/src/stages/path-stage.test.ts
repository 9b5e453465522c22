import { expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { ingress, serviceAt, toYaml } from '@postern/testing'
import { explain } from '../explain.ts'
import { parseExplainRequest } from '../request.ts'
import { makeSubject } from '../subject.ts'

test('of many paths it shows the winner, what fits as well, and what nearly fits', async () => {
  const paths = [
    '/',
    '/API',
    '/ap',
    ...Array.from({ length: 40 }, (_, i) => `/other-path-${String(i)}`),
    '/api',
  ]
  const shop = ingress({
    name: 'shop',
    rules: [{ host: 'shop.example', paths: paths.map((path) => ({ path, service: 'shop' })) }],
  })
  const objects = [shop, ...serviceAt('shop', [{ address: '127.0.0.1', port: 8080 }])]
  const { value, diagnostics } = parseYaml(toYaml(...objects), 'shop.yaml')
  const subject = makeSubject({ manifests: value, diagnostics }, DEFAULT_COMPILE_SETTINGS)
  const { stages } = await explain(subject, parseExplainRequest({ url: 'http://shop.example/api/x' }))
  const shown = stages.find(({ stage }) => stage === 'path')?.details.map(({ text }) => text) ?? []
  expect(shown).toHaveLength(13)
  expect(shown).toEqual(
    expect.arrayContaining([
      'prefix /api of default/shop',
      'prefix / of default/shop: it fits too, but is shorter',
      'prefix /API of default/shop: letters are compared with regard to case',
      'prefix /ap of default/shop: a prefix covers whole segments, and /api/x goes on within one',
      'and 32 paths more',
    ]),
  )
})
