// nginx with HTTPS from a Secret and a ConfigMap, and a Pod that believes it (overlay https-nginx).
import { afterEach, expect } from '@jest/globals'
import { renderOverlay } from '../render.ts'
import { makeKeys } from './made-keys.ts'
import { testIn } from './test-in.ts'
import { curl, type World } from './world.ts'

export function httpsCases(world: () => World): void {
  const test = testIn(world)
  afterEach(() => world().cluster.clear())

  test('V34 V35 S3.8 S3.13-S3.16 overlay https-nginx: the page on 80 and 443, and a Pod with curl that believes my-nginx', async () => {
    const { cluster, podman } = world()
    const { cert, key } = await makeKeys(podman.folder)
    await cluster.apply(renderOverlay('https-nginx'), {
      secrets: { nginxsecret: { 'tls.crt': cert, 'tls.key': key } },
    })
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
