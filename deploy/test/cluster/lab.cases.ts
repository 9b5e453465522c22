// The lab and the two namespaces as Pods (V21-V31, S1.2, S1.22-S1.23, S4.21-S4.32, 2.3).
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-manifests.ts'
import { renderOverlay } from '../render.ts'
import { runHere } from '../room.ts'
import { NODE_ADDRESS } from './cluster.ts'
import { curl, type World } from './world.ts'

export function labCases(world: () => World): void {
  let key = ''
  let cert = ''
  const secrets = () => ({
    'tls-certs': {
      'cert.pem': readFileSync(cert, 'utf8'),
      'key.pem': readFileSync(key, 'utf8'),
      'ca.pem': readFileSync(cert, 'utf8'),
    },
    'lab-jwt': { secret: 'a secret of the lab, long enough to be one' },
    nginxsecret: { 'tls.crt': readFileSync(cert, 'utf8'), 'tls.key': readFileSync(key, 'utf8') },
  })
  /** `https://localhost` at a Service or a Pod, believed by the certificate that `make keys` made. */
  const secure = (address: string, path: string, ...more: readonly string[]) =>
    curl(
      world(),
      '--cacert',
      cert,
      '--connect-to',
      `localhost:443:${address}:443`,
      ...more,
      `https://localhost${path}`,
    )

  beforeAll(async () => {
    const { folder } = world().podman
    key = join(folder, 'nginx.key')
    cert = join(folder, 'nginx.crt')
    const made = await runHere('make', '-C', ROOT, 'keys', `KEY=${key}`, `CERT=${cert}`)
    if (made.code !== 0) throw new Error(made.stderr)
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
    expect((await secure(service, '/')).code).not.toBe(0)
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

  describe('overlay helloworld', () => {
    test('S1.1 S1.2 S1.18 S1.22 S1.23 proxy-app in default shows what hello-app in helloworld says; every replica is reached', async () => {
      const { cluster, podman } = world()
      await cluster.apply(renderOverlay('helloworld').filter(({ metadata }) => metadata.name !== 'dnsutils'))
      expect((await curl(world(), `http://${cluster.addressOf('proxy-app-service')}:3000/`)).body).toContain(
        'Hello Kubernetes!',
      )
      expect((await curl(world(), `http://${cluster.addressOf('hello-world')}:8080`)).body).toContain(
        'Hello Kubernetes!',
      )
      // The short name is known in its own namespace only.
      const proxy = cluster.podOf('proxy-app')
      const lookUp = (name: string) =>
        podman.run(
          'podman',
          'exec',
          `${proxy.name}-proxy-app`,
          '/usr/local/bin/node',
          '-e',
          `require('dns').lookup('${name}', (error) => process.exit(error ? 1 : 0))`,
        )
      expect((await lookUp('hello-app-service.helloworld')).code).toBe(0)
      expect((await lookUp('hello-app-service')).code).toBe(1)
      // Sixty new connections over three Pods: none is left out.
      for (let at = 0; at < 60; at++)
        await curl(world(), `http://${cluster.addressOf('hello-app-service', 'helloworld')}:8080/from-${at}`)
      const hello = cluster.pods.filter(({ workload }) => workload.namespace === 'helloworld')
      for (const { name } of hello)
        expect((await podman.run('podman', 'logs', `${name}-hello`)).stdout).toMatch(/from-\d+/)
    })
  })

  test('V34 V35 S3.8 S3.13-S3.16 overlay https-nginx: the page on 80 and 443, and a Pod with curl that believes my-nginx', async () => {
    const { cluster, podman } = world()
    await cluster.apply(renderOverlay('https-nginx'), { secrets: secrets() })
    const service = cluster.addressOf('my-nginx')
    expect((await curl(world(), `http://${service}:8080/`)).body).toContain('<h1>Welcome to nginx!</h1>')
    expect((await curl(world(), '-k', `https://${service}/`)).body).toContain('<h1>Welcome to nginx!</h1>')
    expect((await curl(world(), `http://${service}:8080/nope`)).status).toBe(404)
    const pod = cluster.podOf('curl-deployment')
    const inside = (...args: readonly string[]) =>
      podman.run('podman', 'exec', `${pod.name}-curlpod`, 'curl', '-sS', ...args)
    expect((await inside('https://my-nginx', '--cacert', '/etc/nginx/ssl/tls.crt')).stdout).toContain(
      '<h1>Welcome to nginx!</h1>',
    )
    expect(
      (await inside('https://my-nginx.default.svc.cluster.local', '--cacert', '/etc/nginx/ssl/tls.crt')).code,
    ).toBe(60)
  })
}
