// V39, D13: one table of requests, the same decisions from a real nginx with deploy/nginx/system and from Postern with
// ingress/, both in one room, in front of the same Services.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from '../../certs/make-certificates.ts'
import { findPartNamed } from '../../tools/e2e/parts.ts'
import { ROOT } from './read-manifests.ts'
import { describeRequest, REQUESTS } from './requests.ts'
import { noRoom, openRoom, type Room } from './room.ts'
import { DNS_ADDRESS, writeCluster } from './room/cluster.ts'
import { writeNginxFolder } from './room/nginx-folder.ts'
import { startNginx } from './room/nginx-room.ts'

const nginx = findPartNamed('nginx')
const missing = nginx === undefined ? 'nginx is not installed' : noRoom
if (missing !== undefined) console.warn(`SKIPPED: deploy/test/routing.e2e.ts: ${missing}`)
const run = missing === undefined ? describe : describe.skip

const HERE = import.meta.dirname
const NGINX = { http: '127.0.0.1:80', https: '127.0.0.1:443' }
const POSTERN = { http: '127.0.0.1:8080', https: '127.0.0.1:8443', admin: '127.0.0.1:10254' }
const system = (name: string): string => readFileSync(join(ROOT, 'deploy/nginx/system', name), 'utf8')

run('V39 D13 one table of requests', () => {
  let folder = ''
  let room: Room | undefined
  let decisions: { readonly nginx: readonly unknown[]; readonly postern: readonly unknown[] } = {
    nginx: [],
    postern: [],
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'postern-routing-'))
    const own = join(folder, 'nginx')
    const { certificates } = await makeCertificates({
      ingressFolder: join(ROOT, 'ingress'),
      folder: join(folder, 'certs'),
    })
    const tls = certificates.flatMap(({ secretName, cert, key }) => [
      [`tls/${secretName}.crt`, cert],
      [`tls/${secretName}.key`, key],
    ])
    writeNginxFolder(own, {
      'conf.d/upstreams.conf': system('upstreams.conf'),
      'conf.d/routes.conf': system('routes.conf'),
      'system/proxy.conf': system('proxy.conf'),
      ...(Object.fromEntries(tls) as Record<string, string>),
    })
    writeFileSync(join(folder, 'tls.json'), JSON.stringify(secretList(certificates)))
    const { table, hosts } = writeCluster(folder)
    room = await openRoom({ mounts: { '/etc/nginx': own, '/etc/hosts': hosts } })
    await room.pods.start(
      (line) => line === 'ready',
      process.execPath,
      join(HERE, 'room/services.ts'),
      table,
      DNS_ADDRESS,
    )
    await startNginx(room, nginx ?? 'nginx')
    await startPostern(room)
    decisions = { nginx: await ask(room, NGINX), postern: await ask(room, POSTERN) }
  })
  afterAll(async () => {
    await room?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** The gateway's flags are those of deploy/base/gateway, but for the ports, which nginx has here. */
  async function startPostern(where: Room): Promise<void> {
    const manifests = ['ingress', 'deploy/base'].map((one) => `--manifests=${join(ROOT, one)}`)
    const addresses = [
      `--http=${POSTERN.http}`,
      `--https=${POSTERN.https}`,
      `--admin=${POSTERN.admin}`,
      '--redirect-port=443',
    ]
    const rest = [
      '--service-dns',
      '--default-backend-service=default/default-http-backend',
      '--default-ssl-certificate=default/fallback-tls',
    ]
    const main = ['--conditions=@postern/source', join(ROOT, 'apps/gateway/src/main.ts'), 'serve']
    await where.start(
      (line) => line.includes('"msg":"ready"'),
      process.execPath,
      ...main,
      ...manifests,
      `--manifests=${join(folder, 'tls.json')}`,
      ...addresses,
      ...rest,
    )
  }

  async function ask(
    where: Room,
    { http, https }: { readonly http: string; readonly https: string },
  ): Promise<readonly unknown[]> {
    const { code, stdout, stderr } = await where.run(process.execPath, join(HERE, 'room/ask.ts'), http, https)
    if (code !== 0) throw new Error(stderr)
    return JSON.parse(stdout) as readonly unknown[]
  }

  test.each(REQUESTS.map((row, at) => [describeRequest(row), at] as const))('%s', (_, at) => {
    const expected = REQUESTS[at]?.decision
    expect({ nginx: decisions.nginx[at], postern: decisions.postern[at] }).toEqual({
      nginx: expected,
      postern: expected,
    })
  })
})

interface Pair {
  readonly secretName: string
  readonly namespace: string
  readonly cert: string
  readonly key: string
}

function secretList(pairs: readonly Pair[]): object {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: pairs.map(({ secretName, namespace, cert, key }) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: secretName, namespace },
      data: { 'tls.crt': base64(cert), 'tls.key': base64(key) },
    })),
  }
}
