import { expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { ingress, serviceAt, toYaml } from '@postern/testing'
import { explain } from './explain.ts'
import { parseExplainRequest, type RequestWords } from './request.ts'
import { makeSubject } from './subject.ts'

const rules = (service: string) => [{ host: 'shop.example', paths: [{ path: '/', service }] }]
const objects = [
  ingress({ name: 'shop', rules: rules('shop') }),
  ingress({
    name: 'shop-canary',
    annotations: { canary: 'true', 'canary-by-header': 'X-Beta' },
    rules: rules('beta'),
  }),
  ...serviceAt('shop', [{ address: '127.0.0.1', port: 8080 }]),
  ...serviceAt('beta', [{ address: '127.0.0.2', port: 8080 }]),
]

async function changesOf(words: RequestWords) {
  const { value, diagnostics } = parseYaml(toYaml(...objects), 'shop.yaml')
  const subject = makeSubject({ manifests: value, diagnostics }, DEFAULT_COMPILE_SETTINGS)
  return (await explain(subject, parseExplainRequest(words))).wouldChange
}

const url = 'http://shop.example/Cart?q=1'

// Slash, letters, preflight: they arrive as they are asked, at the same place.
test('a change that ends at the same place is not told', async () => {
  expect(await changesOf({ url })).toEqual([
    { change: 'with the header X-Beta: always', outcome: 'forwarded to default/beta/80 as GET /Cart?q=1' },
  ])
})

test('a header that the request brings already is not proposed', async () => {
  expect(await changesOf({ url, headers: ['x-beta: never'] })).toEqual([])
})
