// The lab and the two namespaces as Pods (V21-V31, S1.2, S1.22-S1.23, S4.21-S4.32, 2.3).
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-manifests.ts'
import { renderOverlay } from '../render.ts'
import { runHere } from '../room.ts'
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

  test('V21-V31 S4.7-S4.32 overlay lab: the monolith with its flags, the sidecar, the label, the split', async () => {
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

    // V30 asks the cluster's DNS, which this cluster has not: see nginx.e2e.ts for the front door. Here auth and hello.
    const auth = `http://${cluster.addressOf('auth')}`
    const hello = `http://${cluster.addressOf('hello')}`
    const split = JSON.parse((await curl(world(), '-u', 'user:password', `${auth}/login`)).body) as {
      token: string
    }
    expect(
      await curl(world(), '-H', `Authorization: Bearer ${split.token}`, `${hello}/secure`),
    ).toMatchObject({ status: 200 })
    expect((await curl(world(), `${auth}/version`)).body).toContain('2.0.0')
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

  test('V34 V35 S3.13-S3.16 overlay https-nginx: the page on 80 and 443, and a Pod with curl that believes my-nginx', async () => {
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
