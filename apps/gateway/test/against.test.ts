import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DEFAULT_COMPILE_SETTINGS, parseYaml, type ManifestSet } from '@postern/control-plane'
import { against, formatAgainst, parseExplainRequest } from '@postern/explain'
import { ingress, serviceAt, toYaml } from '@postern/testing'
import { askGateway } from '../src/ask-gateway.ts'
import { GatewayFixture } from './gateway-fixture.ts'

test('diff --against: a gateway with these manifests answers as explained, one with others does not', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  const objects = (annotations: Record<string, string>) => [
    ingress({
      name: 'shop',
      annotations,
      rules: [{ host: 'shop.example', paths: [{ path: '/cart/', service: 'shop' }] }],
    }),
    ingress({
      name: 'cors',
      annotations: { 'enable-cors': 'true', 'force-ssl-redirect': 'true' },
      rules: [{ host: 'api.example', paths: [{ service: 'shop' }] }],
    }),
    ...serviceAt('shop', [shop.endpoint]),
  ]
  await gateway.write('shop.yaml', ...objects({}))
  await gateway.start()
  const url = new URL(`http://127.0.0.1:${String(gateway.port('http'))}`)
  const compare = (set: ManifestSet) => against(set, DEFAULT_COMPILE_SETTINGS, (one) => askGateway(url, one))

  const same = parseYaml(await readFile(join(gateway.folder, 'shop.yaml'), 'utf8'), 'shop.yaml').value
  expect(formatAgainst(await compare({ manifests: same, diagnostics: [] }))).toMatch(
    /^Every answer is as explained/,
  )

  const others = toYaml(...objects({ 'permanent-redirect': 'https://new.example/' }))
  const other = parseYaml(others, 'other.yaml').value
  const { differences } = await compare({ manifests: other, diagnostics: [] })
  expect(differences[0]).toMatchObject({
    request: expect.stringContaining('http://shop.example/'),
    expected: 'answered 301 to https://new.example/',
  })
})

test('diff --against: where nothing listens, the address and the request are named', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  await once(closed, 'close')
  const request = parseExplainRequest({ url: 'http://shop.example/cart' })
  await expect(askGateway(new URL(`http://127.0.0.1:${String(port)}`), request)).rejects.toThrow(
    /^127\.0\.0\.1:\d+ did not answer GET \/cart \(connect ECONNREFUSED .*\): is it running there\?$/,
  )
})
