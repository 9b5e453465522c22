// Changes under load: whatever is served by a ready endpoint before and after a change, no request may fail in between.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { rename, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ingress,
  makeAuthority,
  RawClient,
  serviceAt,
  startUpstream,
  tlsSecret,
  toYaml,
  until,
  type ManifestObject,
  type TestAuthority,
  type Upstream,
} from '@postern/testing'
import type { TLSSocket } from 'node:tls'
import { HOST, Load } from './room/load.ts'
import { startPostern, type Postern } from './room/postern.ts'

/** Which answers some requests have, that begin now. */
async function sample(port: number): Promise<string> {
  const load = new Load({ port }, 2)
  await load.more(30)
  await load.stop()
  return [...load.answers.keys()].join()
}

const rules = (service: string) => [{ host: HOST, paths: [{ service }] }]

describe('changes under load', () => {
  let authority: TestAuthority
  let folder = ''
  let postern: Postern | undefined
  const upstreams: Upstream[] = []

  beforeAll(async () => {
    authority = await makeAuthority()
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-load-'))
    await mkdir(join(folder, 'manifests'))
  })
  afterEach(async () => {
    await postern?.[Symbol.asyncDispose]()
    for (const upstream of upstreams.splice(0)) await upstream.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function upstream(name: string): Promise<Upstream> {
    const started = await startUpstream(name, { respond: (_, response) => void response.end(name) })
    upstreams.push(started)
    return started
  }

  async function write(...objects: readonly (ManifestObject | readonly ManifestObject[])[]): Promise<void> {
    await writeFile(join(folder, 'next.yaml'), toYaml(...objects.flat()))
    await rename(join(folder, 'next.yaml'), join(folder, 'manifests', 'all.yaml'))
  }

  const start = async (): Promise<Postern> => (postern = await startPostern(join(folder, 'manifests')))

  test('every endpoint of a Service is replaced, one after the other: no request fails', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const all: Upstream[] = []
    for (const name of names) all.push(await upstream(name))
    const at = (...some: readonly Upstream[]) =>
      serviceAt(
        'shop',
        some.map(({ endpoint }) => endpoint),
      )
    await write(at(...all.slice(0, 3)), ingress({ name: 'shop', rules: rules('shop') }))
    const load = new Load({ port: (await start()).http })
    await load.more(200)
    for (let i = 0; i < 3; i++) {
      const next = all.slice(i + 1, i + 4)
      await write(at(...next), ingress({ name: 'shop', rules: rules('shop') }))
      const added = `200 ${names[i + 3] ?? ''}`
      await until(`${added} is met`, () => load.answers.has(added), 30_000)
      // As a kubelet does: the Pod goes some time after it has left the EndpointSlice.
      await load.more(100)
      await all[i]?.close()
      await load.more(100)
    }
    await load.stop()
    expect([...load.answers.keys()].sort()).toEqual(names.map((name) => `200 ${name}`))
  })

  test('to zero and back: 503 only, and only while there is none', async () => {
    const shop = await upstream('shop')
    const at = (some: readonly Upstream[]) =>
      serviceAt(
        'shop',
        some.map(({ endpoint }) => endpoint),
      )
    const serve = (some: readonly Upstream[]) =>
      write(at(some), ingress({ name: 'shop', rules: rules('shop') }))
    await serve([shop])
    const { http } = await start()
    const load = new Load({ port: http })
    await load.more(200)
    expect([...load.answers.keys()]).toEqual(['200 shop'])
    await serve([])
    await until('503 is met', () => load.answers.has('503'), 30_000)
    await serve([shop])
    // An answer from before may be counted late, so it takes requests that begin now.
    await until('it is served again', async () => (await sample(http)) === '200 shop', 30_000)
    await load.stop()
    const after = new Load({ port: http })
    await after.more(200)
    await after.stop()
    expect([...load.answers.keys()].sort()).toEqual(['200 shop', '503'])
    expect([...after.answers.keys()]).toEqual(['200 shop'])
  })

  test('a Secret is replaced: handshakes before and after, none fails', async () => {
    const shop = await upstream('shop')
    const rest = [
      ...serviceAt('shop', [shop.endpoint]),
      ingress({ name: 'shop', tls: [{ hosts: [HOST], secretName: 'tls' }], rules: rules('shop') }),
    ]
    await write(rest, tlsSecret('tls', await authority.issue(HOST)))
    const { https } = await start()
    const trusting = { port: https, tls: { servername: HOST, ca: authority.certPem } }
    const names = async (): Promise<string> => {
      const client = await RawClient.open(trusting)
      const subjects = (client.socket as TLSSocket).getPeerX509Certificate()?.subjectAltName ?? ''
      client.close()
      return subjects
    }
    const load = new Load(trusting, 4)
    await load.more(50)
    for (const other of ['one.example', 'two.example', 'three.example']) {
      await write(rest, tlsSecret('tls', await authority.issue(HOST, other)))
      await until(`the certificate names ${other}`, async () => (await names()).includes(other), 30_000)
      await load.more(50)
    }
    await load.stop()
    expect([...load.answers.keys()]).toEqual(['200 shop'])
  })

  test('a canary is weighted from nothing to all and back: no request fails', async () => {
    const [main, next] = [await upstream('main'), await upstream('next')]
    const weighted = (weight: number) =>
      write(
        serviceAt('main', [main.endpoint]),
        serviceAt('next', [next.endpoint]),
        ingress({ name: 'shop', rules: rules('main') }),
        ingress({
          name: 'shop-canary',
          annotations: { canary: 'true', 'canary-weight': String(weight) },
          rules: rules('next'),
        }),
      )
    await weighted(0)
    const { http } = await start()
    const load = new Load({ port: http })
    await load.more(200)
    expect([...load.answers.keys()]).toEqual(['200 main'])
    await weighted(50)
    await until('the canary is met', () => load.answers.has('200 next'), 30_000)
    for (const [weight, alone] of [
      [100, '200 next'],
      [0, '200 main'],
    ] as const) {
      await weighted(weight)
      await until(`only ${alone}`, async () => (await sample(http)) === alone, 30_000)
    }
    await load.stop()
    expect([...load.answers.keys()].sort()).toEqual(['200 main', '200 next'])
  })
})
