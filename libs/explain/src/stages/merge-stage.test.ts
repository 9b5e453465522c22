import { expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { ingress, serviceAt, toYaml } from '@postern/testing'
import { explain } from '../explain.ts'
import { parseExplainRequest } from '../request.ts'
import { makeSubject } from '../subject.ts'

test.each([
  ['has rules of its own', 'shop.example', 'one Ingress has rules for it'],
  ['is an alias', 'old.example', /^no rule names it: an annotation/],
  ['redirects to its neighbour', 'www.shop.example', /^no rule names it: an annotation/],
])('a host that %s', async (_what, host, decision) => {
  const shop = ingress({
    name: 'shop',
    annotations: { 'server-alias': 'old.example', 'from-to-www-redirect': 'true' },
    rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
  })
  const objects = [shop, ...serviceAt('shop', [{ address: '127.0.0.1', port: 8080 }])]
  const { value, diagnostics } = parseYaml(toYaml(...objects), 'shop.yaml')
  const subject = makeSubject({ manifests: value, diagnostics }, DEFAULT_COMPILE_SETTINGS)
  const { stages } = await explain(subject, parseExplainRequest({ url: `http://${host}/` }))
  const merge = stages.find(({ stage }) => stage === 'merge')
  expect(merge?.decision).toMatch(decision)
  expect(merge?.details.map(({ text, place }) => [text, place])).toEqual([
    ['Ingress default/shop', expect.stringMatching(/^shop\.yaml:\d+$/)],
  ])
})
