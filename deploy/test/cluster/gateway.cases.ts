// The overlay `gateway`: Postern's own image in front of everything (V36-V39; what changes under it: changes.cases.ts).
import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { describeRequest, REQUESTS, type RequestRow } from '../requests.ts'
import { changeCases } from './changes.cases.ts'
import { applyGateway, type GatewayShape } from './gateway-shape.ts'
import { testIn } from './test-in.ts'
import { curl, type World } from './world.ts'

const LOG_WITHIN_MS = 10_000

export function gatewayCases(world: () => World): void {
  const test = testIn(world)
  let applied: GatewayShape | undefined
  const gateway = (): GatewayShape => {
    if (applied === undefined) throw new Error('the gateway was not applied')
    return applied
  }

  beforeAll(async () => {
    applied = await applyGateway(world())
  }, 300_000)
  afterAll(() => world().cluster.clear())

  test('V36 V38 S0.44 S1.26 S1.28 S1.29 S1.35 hosts, paths, sub-domains; the right certificate; 308 for plain HTTP', async () => {
    expect((await gateway().at('demo.postern.test', '/')).body).toContain('<!doctype html>')
    expect(
      await gateway().at('demo.postern.test', '/api/tasks', '-H', 'Authorization: Bearer abc'),
    ).toMatchObject({
      status: 200,
    })
    expect(
      (
        await gateway().at(
          'users.demo.postern.test',
          '/login',
          '-H',
          'Content-Type: application/json',
          '-d',
          '{"email":"test@test.com","password":"testers"}',
        )
      ).body,
    ).toContain('token')
    expect((await gateway().at('lab.postern.test', '/login', '-u', 'user:password')).body).toContain('token')
    expect((await gateway().at('hello.postern.test', '/')).body).toContain('Hello Kubernetes!')
    expect(
      await gateway().at(
        'demo.postern.test',
        'http://demo.postern.test/x',
        '-o',
        '/dev/null',
        '-w',
        '%{redirect_url}\n%{http_code}',
      ),
    ).toMatchObject({ body: expect.stringContaining('https://demo.postern.test/x') })
  })

  test('V37 S1.27 S1.36 S1.37 a wrong host and a wrong path get the page of default-http-backend, in HTML and in JSON', async () => {
    const html = await curl(
      world(),
      '-H',
      'Host: nothing.example',
      '-H',
      'Accept: text/html',
      `http://${gateway().door}/x`,
    )
    expect([html.status, html.body]).toEqual([404, expect.stringContaining('<html')])
    const json = await gateway().at('hello.postern.test', '/other', '-H', 'Accept: application/json')
    expect([json.status, typeof JSON.parse(json.body)]).toEqual([404, 'object'])
  })

  test('S0.6 S2.5 S2.24 W22 auth is behind no host and no path', async () => {
    for (const host of ['auth.demo.postern.test', 'auth-service.default', 'auth'])
      expect(
        (await curl(world(), '-k', '-H', `Host: ${host}`, `https://${gateway().door}/verify-token/abc`)).body,
      ).not.toContain('Valid token.')
  })

  const isDecidedAsInTheTable = async (row: RequestRow): Promise<void> => {
    const { decision, host } = row
    const port = row.scheme === 'http' ? 80 : 443
    const there = ['--connect-to', `${host}:${port}:${gateway().door}:${port}`, '--path-as-is']
    const told = ['-k', '-o', '/dev/null', '-w', '%{redirect_url} %{http_code}\n']
    const { body } = await curl(world(), ...told, ...there, describeRequest(row))
    if ('redirect' in decision) {
      const [location = '', status] = body.trim().split(' ')
      expect([new URL(location).href, status]).toEqual([decision.location, String(decision.redirect)])
      return
    }
    // The apps do not say what they were asked; the gateway's own log says whom it asked.
    const [, service, servicePort] = /^default\/(.*):(\d+)$/.exec(decision.to) ?? []
    expect(await logLine(world(), host.toLowerCase(), row.path)).toContain(
      `"backend":"default/${service}/${servicePort}"`,
    )
  }

  describe('V39 S1.31 D13 the table of requests, from Postern’s container', () => {
    for (const row of REQUESTS) test(describeRequest(row), () => isDecidedAsInTheTable(row))
  })

  describe('while things change', () => changeCases(world, gateway))
}

/** The gateways' access line of a request; it is written a moment after the answer. @returns what there is when it does not come. */
async function logLine({ podman, cluster }: World, host: string, path: string): Promise<string> {
  const wanted = `"path":${JSON.stringify(path)}`
  const deadline = Date.now() + LOG_WITHIN_MS
  for (;;) {
    const logs = cluster
      .podsOf('postern')
      .map(({ name }) => podman.run('podman', 'logs', '--tail', '20', `${name}-postern`))
    const stdout = (await Promise.all(logs)).map((log) => log.stdout).join('\n')
    const lines = stdout.split('\n').reverse()
    const found = lines.find((line) => line.includes(wanted) && line.includes(`"${host}"`))
    if (found !== undefined || Date.now() > deadline) return found ?? stdout
    await pause(50)
  }
}
