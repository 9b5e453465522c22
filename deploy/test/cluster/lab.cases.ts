// The lab as Pods: the monolith, the split behind its front door, the tracks of hello.
import { afterEach, beforeAll, expect } from '@jest/globals'
import { renderOverlay } from '../render.ts'
import { NODE_ADDRESS } from './cluster.ts'
import { makeKeys, type MadeKeys } from './made-keys.ts'
import { testIn } from './test-in.ts'
import { curl, REFUSED, type World } from './world.ts'

export function labCases(world: () => World): void {
  const test = testIn(world)
  let keys: MadeKeys = { certFile: '', cert: '', key: '' }
  const secrets = () => ({
    'tls-certs': { 'cert.pem': keys.cert, 'key.pem': keys.key, 'ca.pem': keys.cert },
    'lab-jwt': { secret: 'a secret of the lab, long enough to be one' },
  })
  /** `https://localhost` at a Service or a Pod, believed by the certificate that `make keys` made. */
  const secure = (address: string, path: string, ...more: readonly string[]) =>
    curl(
      world(),
      '--cacert',
      keys.certFile,
      '--connect-to',
      `localhost:443:${address}:443`,
      ...more,
      `https://localhost${path}`,
    )

  beforeAll(async () => {
    keys = await makeKeys(world().podman.folder)
  })
  afterEach(() => world().cluster.clear())

  test('V21-V29 V31 S4.2 S4.7-S4.30 overlay lab: the monolith with its flags, the sidecar, the label', async () => {
    const { cluster, podman } = world()
    await cluster.apply(renderOverlay('lab'), { secrets: secrets() })
    const monolith = cluster.podOf('monolith')
    const at = `http://${monolith.address}`
    // V21-V26: in the Pod
    expect(await curl(world(), at)).toMatchObject({ status: 200, body: '{"message":"Hello"}\n' })
    expect(await curl(world(), `${at}/secure`)).toMatchObject({ status: 401, body: 'authorization failed\n' })
    const login = await curl(world(), '-u', 'user:password', `${at}/login`)
    const { token } = JSON.parse(login.body) as { token: string }
    expect(token.split('.')).toHaveLength(3)
    expect(await curl(world(), '-H', `Authorization: Bearer ${token}`, `${at}/secure`)).toMatchObject({
      status: 200,
      body: '{"message":"Hello"}\n',
    })
    expect((await curl(world(), `${at}/version`)).body).toContain('{"version":"1.0.0"}')
    // V27: health
    expect(await curl(world(), `${at}:81/healthz`)).toMatchObject({ status: 200, body: '' })
    expect((await curl(world(), `${at}:81/readiness`)).status).toBe(200)
    await curl(world(), `${at}:81/readiness/status`)
    expect((await curl(world(), `${at}:81/readiness`)).status).toBe(503)
    await curl(world(), `${at}:81/readiness/status`)
    expect((await curl(world(), `${at}:81/readiness`)).status).toBe(200)
    // V31: start-up lines
    const { stdout: log } = await podman.run('podman', 'logs', `${monolith.name}-monolith`)
    for (const line of [
      'Starting server...',
      'Health service listening on 0.0.0.0:81',
      'HTTP service listening on 0.0.0.0:80',
    ])
      expect(log).toContain(line)

    // V29, S4.26-S4.29: the sidecar, and the Service that waits for a label
    const withSidecar = cluster.podOf('secure-monolith')
    expect(await secure(withSidecar.address, '/')).toMatchObject({
      status: 200,
      body: '{"message":"Hello"}\n',
    })
    const service = cluster.addressOf('monolith')
    expect((await secure(service, '/')).code).toBe(REFUSED)
    await cluster.setLabels('secure-monolith', { secure: 'enabled' })
    expect(await secure(service, '/')).toMatchObject({ status: 200, body: '{"message":"Hello"}\n' })

    // S4.26, S4.30: the node's port leads there, too
    expect(await curl(world(), '-k', `https://${NODE_ADDRESS}:31000/`)).toMatchObject({ status: 200 })
  })

  test('V30 S4.32 the split behind its front door: nginx as a Pod asks the cluster’s DNS, /login is auth’s, the rest hello’s', async () => {
    const { cluster, podman } = world()
    const monoliths = ['monolith', 'healthy-monolith', 'secure-monolith']
    const split = renderOverlay('lab').filter(({ metadata }) => !monoliths.includes(metadata.name))
    await cluster.apply(split, { secrets: secrets() })
    const door = cluster.addressOf('frontend')
    expect(await secure(door, '/')).toMatchObject({ status: 200, body: '{"message":"Hello"}\n' })
    expect(await secure(door, '/secure')).toMatchObject({ status: 401, body: 'authorization failed\n' })
    const { token } = JSON.parse((await secure(door, '/login', '-u', 'user:password')).body) as {
      token: string
    }
    expect(token.split('.')).toHaveLength(3)
    const bearer = ['-H', `Authorization: Bearer ${token}`]
    expect(await secure(door, '/secure', ...bearer)).toMatchObject({
      status: 200,
      body: '{"message":"Hello"}\n',
    })
    // /version is hello's (1.0.0), auth's own is 2.0.0: the door asks the right one
    expect((await secure(door, '/version')).body).toContain('1.0.0')
    expect((await curl(world(), `http://${cluster.addressOf('auth')}/version`)).body).toContain('2.0.0')
    // S4.22: it ends by its hook, in time, and what is asked meanwhile is answered by the new one
    await cluster.rollingRestart('frontend')
    expect(await secure(door, '/')).toMatchObject({ status: 200 })
    // Every Pod of hello has its share of new connections.
    for (let at = 0; at < 40; at++) await secure(door, `/from-${at}`)
    for (const { name } of cluster.podsOf('hello'))
      expect((await podman.run('podman', 'logs', `${name}-hello`)).stdout).toMatch(/from-\d+/)
  })

  const versions = async (address: string, times: number): Promise<ReadonlyMap<string, number>> => {
    const seen = new Map<string, number>()
    for (let at = 0; at < times; at++) {
      const { body } = await curl(world(), `http://${address}/version`)
      seen.set(body.trim(), (seen.get(body.trim()) ?? 0) + 1)
    }
    return seen
  }
  const helloOnly = (overlay: string) =>
    renderOverlay(overlay).filter(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' || metadata.name === 'hello' || metadata.name.startsWith('hello-'),
    )

  test('2.3 W33 canary: both versions answer behind one Service; blue and green: one does', async () => {
    const { cluster } = world()
    await cluster.apply(helloOnly('lab-canary'), { secrets: secrets() })
    expect([...(await versions(cluster.addressOf('hello'), 60)).keys()].sort()).toEqual([
      '{"version":"1.0.0"}',
      '{"version":"2.0.0"}',
    ])
    await cluster.clear()
    await cluster.apply(helloOnly('lab-blue'), { secrets: secrets() })
    expect([...(await versions(cluster.addressOf('hello'), 10)).keys()]).toEqual(['{"version":"1.0.0"}'])
    await cluster.clear()
    await cluster.apply(helloOnly('lab-green'), { secrets: secrets() })
    expect([...(await versions(cluster.addressOf('hello'), 10)).keys()]).toEqual(['{"version":"2.0.0"}'])
  })
}
