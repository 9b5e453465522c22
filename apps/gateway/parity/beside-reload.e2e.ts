// The same changes to nginx, which reloads, and to Postern, which swaps a table: what do the clients notice?
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ingress, serviceAt, tlsSecret, toYaml, until, type ManifestObject } from '@postern/testing'
import { WebSocket } from 'ws'
import { findPartNamed } from '@postern/testing/parts'
import { catchAll, pass, prefix, server } from './nginx-parts.ts'
import { HOST, Load } from './room/load.ts'
import { startNginx, type Nginx, type NginxOptions } from './room/nginx.ts'
import type { Place } from './room/place.ts'
import { startPostern, type Postern } from './room/postern.ts'
import { makePlace } from './room/room.ts'
import { namesShown } from './room/side.ts'
import { startUpstreams, type Upstreams } from './room/upstreams.ts'

const program = findPartNamed('nginx')
if (program === undefined && process.env['E2E_REQUIRE'] === 'all')
  throw new Error('nginx is not installed, and E2E_REQUIRE=all asks for it')
if (program === undefined) console.warn('SKIPPED: beside-reload.e2e.ts: nginx is not installed')
const run = program === undefined ? describe.skip : describe

interface Loads {
  readonly nginx: Load
  readonly postern: Load
}

run('beside an nginx that reloads', () => {
  let upstreams: Upstreams
  let place: Place
  let nginx: Nginx
  let postern: Postern
  /** What the clients of both noticed, a line for each change. */
  const noticed: string[] = []

  beforeAll(async () => {
    upstreams = await startUpstreams({ shop: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok'] })
    place = await makePlace(upstreams, { one: [HOST, 'one.example'], two: [HOST, 'two.example'] })
    await mkdir(join(place.folder, 'manifests'))
    await write([0, 1, 2])
    nginx = await startNginx(nginxWith([0, 1, 2]))
    postern = await startPostern(join(place.folder, 'manifests'))
  })
  afterAll(async () => {
    console.log(['requests that failed at nginx and at Postern', ...noticed].join('\n'))
    await postern?.[Symbol.asyncDispose]()
    await nginx?.[Symbol.asyncDispose]()
    await upstreams?.[Symbol.asyncDispose]()
    await rm(place.folder, { recursive: true, force: true })
  })

  const portsOf = (indexes: readonly number[]) => indexes.map((index) => place.port('shop', index))

  /** The hand-written configuration with these endpoints. */
  function nginxWith(indexes: readonly number[], inside = ''): NginxOptions {
    const location = indexes.length === 0 ? '' : prefix('/', pass('shop'))
    const servers = [catchAll(place), server(place, HOST, inside, location)].join('\n')
    return {
      program: program ?? 'nginx',
      place,
      upstreams: { services: () => [['shop', portsOf(indexes)]] },
      servers,
      modules: [],
      master: true,
    }
  }

  async function write(indexes: readonly number[], certificate = place.certificate('one')): Promise<void> {
    const endpoints = portsOf(indexes).map((port) => ({ address: '127.0.0.1', port }))
    const rules = [{ host: HOST, paths: [{ service: 'shop' }] }]
    const tls = [{ hosts: [HOST], secretName: 'tls' }]
    const annotations = { 'ssl-redirect': 'false' }
    await replaceBy(
      ...serviceAt('shop', endpoints),
      tlsSecret('tls', certificate),
      ingress({ name: 'shop', annotations, tls, rules }),
    )
  }

  async function replaceBy(...objects: readonly ManifestObject[]): Promise<void> {
    await writeFile(join(place.folder, 'next.yaml'), toYaml(...objects))
    await rename(join(place.folder, 'next.yaml'), join(place.folder, 'manifests', 'all.yaml'))
  }

  const change = (indexes: readonly number[]) =>
    Promise.all([write(indexes), nginx.reload(nginxWith(indexes))])
  /** Which endpoints answered since the last call. */
  const met = (): ReadonlySet<number> => new Set(upstreams.take().map(({ endpoint }) => endpoint))
  const failures = ({ answers }: Load) => [...answers].filter(([answer]) => !answer.startsWith('200'))
  const note = (change: string, { nginx: one, postern: other }: Loads, expected?: string): void => {
    const lost = (load: Load): string => {
      const counts = failures(load).map(([answer, count]) => (answer === expected ? 0 : count))
      return `${String(counts.reduce((sum, count) => sum + count, 0))} of ${String(load.count)}`
    }
    noticed.push(`${change}: ${lost(one)}, ${lost(other)}`)
  }
  /** Waits until both send to these endpoints only. */
  const untilOnly = (endpoints: string, loads: Loads) =>
    until(
      `only ${endpoints} are met`,
      async () => {
        met()
        await Promise.all([loads.nginx.more(60), loads.postern.more(60)])
        return [...met()].sort().join() === endpoints
      },
      30_000,
    )

  test('all endpoints are replaced: Postern fails no request', async () => {
    const loads = { nginx: new Load({ port: place.http }, 4), postern: new Load({ port: postern.http }, 4) }
    for (const indexes of [
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 5],
      [0, 1, 2],
    ]) {
      await change(indexes)
      await untilOnly(indexes.join(), loads)
    }
    await Promise.all([loads.nginx.stop(), loads.postern.stop()])
    note('every endpoint is replaced, 4 times', loads)
    expect(failures(loads.postern)).toEqual([])
  })

  test('to zero and back: 503 while there is none, and nothing else', async () => {
    await change([0])
    const loads = { nginx: new Load({ port: place.http }, 4), postern: new Load({ port: postern.http }, 4) }
    await Promise.all([loads.nginx.more(60), loads.postern.more(60)])
    // balancer.lua answers 503 without endpoints; the hand-written configuration says so itself.
    await Promise.all([write([]), nginx.reload(nginxWith([], 'return 503;'))])
    await until(
      'both answer 503',
      () => loads.nginx.answers.has('503') && loads.postern.answers.has('503'),
      30_000,
    )
    await change([0])
    const after = async (port: number): Promise<boolean> => {
      const load = new Load({ port }, 2)
      await load.more(30)
      await load.stop()
      return [...load.answers.keys()].every((answer) => answer.startsWith('200'))
    }
    await until(
      'both serve again',
      async () => (await after(place.http)) && (await after(postern.http)),
      30_000,
    )
    await Promise.all([loads.nginx.stop(), loads.postern.stop()])
    note('to zero and back, 503 while there is none left out', loads, '503')
    expect(failures(loads.postern).map(([answer]) => answer)).toEqual(['503'])
  })

  test('a certificate is replaced: Postern fails no request and no handshake', async () => {
    const tls = { servername: HOST, rejectUnauthorized: false }
    await change([0, 1])
    const loads = {
      nginx: new Load({ port: place.https, tls }, 2),
      postern: new Load({ port: postern.https, tls }, 2),
    }
    await Promise.all([loads.nginx.more(30), loads.postern.more(30)])
    for (const name of ['one', 'two']) {
      const shown = (port: number) => namesShown(port, HOST)
      const wanted = `${HOST}, ${name}.example`
      const certificate = place.certificate(name)
      await Promise.all([
        write([0, 1], certificate),
        nginx.reload(
          nginxWith(
            [0, 1],
            `ssl_certificate ${certificate.certFile}; ssl_certificate_key ${certificate.keyFile};`,
          ),
        ),
      ])
      await until(
        `both show ${wanted}`,
        async () => (await shown(place.https)) === wanted && (await shown(postern.https)) === wanted,
        30_000,
      )
      await Promise.all([loads.nginx.more(30), loads.postern.more(30)])
    }
    await Promise.all([loads.nginx.stop(), loads.postern.stop()])
    note('a certificate is replaced, twice', loads)
    expect(failures(loads.postern)).toEqual([])
  })

  // ingress-nginx hands weights to its Lua without a reload; this is how nginx alone does it.
  test('a canary is weighted from nothing to all and back: Postern fails no request', async () => {
    const endpoint = (index: number) => [{ address: '127.0.0.1', port: place.port('shop', index) }]
    const rules = (service: string) => [{ host: HOST, paths: [{ service }] }]
    const weigh = (weight: number): Promise<void> => {
      const annotations = { canary: 'true', 'canary-weight': String(weight) }
      return replaceBy(
        ...serviceAt('main', endpoint(0)),
        ...serviceAt('next', endpoint(1)),
        ingress({ name: 'shop', rules: rules('main') }),
        ingress({ name: 'shop-canary', annotations, rules: rules('next') }),
      )
    }
    const split = (weight: number): NginxOptions => {
      const canary = weight === 0 || weight === 100 ? '' : `${String(weight)}% next;`
      return {
        ...nginxWith([]),
        upstreams: {
          services: () => [
            ['main', portsOf([0])],
            ['next', portsOf([1])],
          ],
        },
        servers: `split_clients $request_id $chosen { ${canary} * ${weight === 100 ? 'next' : 'main'}; }
          ${catchAll(place, 'location / { return 404; }')}
          ${server(place, HOST, prefix('/', pass('$chosen')))}`,
      }
    }
    const swap = (weight: number) => Promise.all([weigh(weight), nginx.reload(split(weight))])
    await swap(0)
    const loads = { nginx: new Load({ port: place.http }, 4), postern: new Load({ port: postern.http }, 4) }
    await untilOnly('0', loads)
    for (const [weight, endpoints] of [
      [50, '0,1'],
      [100, '1'],
      [0, '0'],
    ] as const) {
      await swap(weight)
      await untilOnly(endpoints, loads)
    }
    await Promise.all([loads.nginx.stop(), loads.postern.stop()])
    note('a canary from 0 to 50, 100 and 0 %', loads)
    expect(failures(loads.postern)).toEqual([])
  })

  test('a WebSocket: nginx ends it when its old worker does, Postern keeps it', async () => {
    const open = async (port: number): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/ws`, { headers: { Host: HOST } })
      await once(socket, 'open')
      return socket
    }
    const [before, kept] = [await open(place.http), await open(postern.http)]
    const closed = once(before, 'close')
    await change([3, 4, 5])
    await closed
    const heard = once(kept, 'message')
    kept.send('still here')
    expect(String((await heard)[0] as Buffer)).toBe('echo still here')
    kept.close()
    await once(kept, 'close')
  })
})
