import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { writeLocalManifests } from './local-manifests.ts'
import type { AppPlan } from './plan-apps.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-manifests-'))
  await mkdir(join(folder, 'base/hello'), { recursive: true })
  await writeFile(
    join(folder, 'base/hello/service.yaml'),
    'kind: Service\nmetadata: { name: hello, namespace: shop }\nspec: { ports: [{ name: http, port: 80 }] }\n',
  )
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const app = (name: string, host: string, services: readonly string[]): AppPlan => ({
  name,
  folder: 'apps/hello',
  stopStage: 0,
  address: { host, port: 4000 },
  readyUrl: '',
  services,
  env: {},
  args: [],
})
const write = (apps: readonly AppPlan[]) =>
  writeLocalManifests({
    folder: join(folder, 'out'),
    servicesFolder: join(folder, 'base'),
    apps,
    certificates: [
      { namespace: 'shop', secretName: 'shop-tls', names: [], cert: 'CERT', key: 'KEY', file: '' },
    ],
  })
const read = async (file: string) =>
  parseAllDocuments(await readFile(join(folder, 'out', file), 'utf8')).map(
    (document) => document.toJS() as unknown,
  )

test('one EndpointSlice per process, with the port name of its Service', async () => {
  await write([app('hello-1', '127.10.0.1', ['shop/hello']), app('hello-2', '127.10.0.2', ['shop/hello'])])
  expect(await read('endpoint-slices.yaml')).toEqual([
    expect.objectContaining({
      metadata: expect.objectContaining({ name: 'hello-hello-1', namespace: 'shop' }),
    }),
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'hello-hello-2',
        namespace: 'shop',
        labels: { 'kubernetes.io/service-name': 'hello' },
      },
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['127.10.0.2'],
          conditions: { ready: true },
          targetRef: { kind: 'Pod', name: 'hello-2', namespace: 'shop' },
        },
      ],
      ports: [{ name: 'http', port: 4000, protocol: 'TCP' }],
    },
  ])
})

test('S1.39 a Secret holds the contents, in its own namespace, readable for the owner only', async () => {
  await write([])
  expect(await read('tls-secrets.yaml')).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'shop-tls', namespace: 'shop' },
      data: { 'tls.crt': btoa('CERT'), 'tls.key': btoa('KEY') },
    },
  ])
  expect((await stat(join(folder, 'out/tls-secrets.yaml'))).mode & 0o777).toBe(0o600)
})

test('a Service that does not exist is named', async () => {
  await expect(write([app('hello-1', '127.10.0.1', ['shop/nope'])])).rejects.toThrow(
    'hello-1: no Service shop/nope found in deploy/base',
  )
})
