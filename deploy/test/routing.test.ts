// D13, one table of requests: the Gateway API form, and Postern on the Ingress files (see routing.e2e.ts for nginx).
import { describe, expect, test } from '@jest/globals'
import { decideByGatewayApi, type GatewayObject } from './gateway-api-decision.ts'
import { readManifests } from './read-manifests.ts'
import { describeRequest, REQUESTS } from './requests.ts'

const gatewayApi = readManifests('deploy/gateway-api/*.yaml').map(
  ({ object }) => object as unknown as GatewayObject,
)

describe('D13 the HTTPRoutes decide as the table says', () => {
  test.each(REQUESTS.map((row) => [describeRequest(row), row] as const))('%s', (_, row) => {
    expect(decideByGatewayApi(gatewayApi, row)).toEqual(row.decision)
  })

  test('a field that this reading does not know is refused, not passed over', () => {
    const [first] = REQUESTS
    const odd = {
      kind: 'HTTPRoute',
      metadata: { name: 'x', namespace: 'default' },
      spec: { useDefaultGateways: 'All' },
    }
    expect(() => decideByGatewayApi([...gatewayApi, odd], first!)).toThrow('useDefaultGateways')
  })
})

describe('the table', () => {
  // A new service has an Ingress only (docs/new-service.md); nginx and the Gateway API route what the material has.
  test('asks for every host that has both an Ingress and an HTTPRoute', () => {
    const byIngress = readManifests('ingress/*.yaml').flatMap(({ object }) =>
      ((object.spec as { rules?: { host?: string }[] } | undefined)?.rules ?? []).map(({ host }) => host),
    )
    const byRoute = gatewayApi.flatMap(({ spec }) => (spec as { hostnames?: string[] }).hostnames ?? [])
    const asked = new Set(
      REQUESTS.map(({ host }) => host.replace('.postern.test', '.localhost').toLowerCase()),
    )
    const both = byRoute.filter((host) => byIngress.includes(host))
    expect(both.length).toBeGreaterThanOrEqual(10)
    for (const host of both) expect(asked).toContain(host.replace('.postern.test', '.localhost'))
  })
})
