import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import type { Engine, Listener } from '@postern/exchange'
import { createHttpEngine } from '@postern/http-engine'
import { createNodeEngine } from '@postern/node-engine'
import type { CertificateId, HostPattern, HostTls, RoutingTable } from '@postern/routing-table'
import {
  backendAt,
  headerValues,
  hostWith,
  makeAuthority,
  RawClient,
  rawRequest,
  routeTo,
  startUpstream,
  tableCertificate,
  tableOf,
  TEST_LIMITS,
  until,
  type Upstream,
} from '@postern/testing'
import { WebSocket, WebSocketServer } from 'ws'
import { createDataPlane, type DataPlane } from '../src/index.ts'
import { text } from './ask.ts'

const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'

/** A data plane on a real engine, over real sockets. Everything made here is closed after each test. */
class Served {
  readonly engine: Engine
  readonly dataPlane: DataPlane
  readonly #closing: (() => unknown)[] = []

  constructor(engine: Engine) {
    this.engine = engine
    this.dataPlane = createDataPlane({ engine })
  }

  async listen(isTls = false): Promise<Listener> {
    const tls = isTls ? { tls: this.dataPlane.tls } : {}
    const listener = await this.engine.listen(
      { host: '127.0.0.1', port: 0, limits: TEST_LIMITS, ...tls },
      this.dataPlane.serve,
    )
    this.#closing.push(
      () => listener.destroy(),
      () => listener.stop(),
    )
    return listener
  }

  async upstream(...args: Parameters<typeof startUpstream>): Promise<Upstream> {
    const upstream = await startUpstream(...args)
    this.closing(() => upstream.close())
    return upstream
  }

  closing(close: () => unknown): void {
    this.#closing.push(close)
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close()
    await this.engine.close()
  }
}

function tableTo(
  upstream: { readonly endpoint: Upstream['endpoint'] },
  tls?: HostTls,
  rest: Partial<RoutingTable> = {},
): RoutingTable {
  return tableOf({
    hosts: [hostWith('shop.example', [routeTo('test/shop/80')], tls && { tls })],
    backends: [backendAt('test/shop/80', [upstream.endpoint])],
    rest,
  })
}

describe.each<[string, () => Engine]>([
  ['http-engine', createHttpEngine],
  ['node-engine', createNodeEngine],
])('on %s', (_, makeEngine) => {
  let served: Served
  const start = (): Served => (served = new Served(makeEngine()))
  afterEach(() => served.close())

  test('500 tables under load: no request fails, no WebSocket breaks', async () => {
    const plane = start()
    const upstreams = [await plane.upstream('a'), await plane.upstream('b')]
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    plane.closing(() => sockets.close())
    await once(sockets, 'listening')
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data as Buffer)))
    const address = sockets.address()
    const wsEndpoint = {
      address: '127.0.0.1',
      port: typeof address === 'object' && address !== null ? address.port : 0,
    }
    const table = (turn: number): RoutingTable =>
      tableOf({
        hosts: [
          hostWith('shop.example', [routeTo('test/shop/80')]),
          hostWith('ws.example', turn % 2 === 0 ? [routeTo('test/ws/80')] : []),
        ],
        backends: [
          backendAt('test/shop/80', [upstreams[turn % 2]!.endpoint]),
          backendAt('test/ws/80', [wsEndpoint]),
        ],
      })
    plane.dataPlane.replaceTable(table(0))
    const { port } = await plane.listen()
    const clients = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const client = new WebSocket(`ws://127.0.0.1:${String(port)}/`, { headers: { Host: 'ws.example' } })
        plane.closing(() => client.terminate())
        await once(client, 'open')
        return client
      }),
    )

    let isSwapping = true
    const bodies = new Set<string>()
    const load = Array.from({ length: 4 }, async () => {
      const client = await RawClient.open({ port })
      plane.closing(() => client.close())
      while (isSwapping) {
        client.write(GET)
        const response = await client.readResponse()
        bodies.add(`${String(response.status)} ${response.body}`)
      }
    })
    for (let turn = 1; turn <= 500; turn++) {
      plane.dataPlane.replaceTable(table(turn))
      await new Promise((resolve) => setImmediate(resolve))
    }
    isSwapping = false
    await Promise.all(load)
    expect([...bodies].toSorted()).toEqual(['200 a /', '200 b /'])
    for (const [i, client] of clients.entries()) {
      const echoed = once(client, 'message')
      client.send(`still here ${String(i)}`)
      expect(String((await echoed)[0] as Buffer)).toBe(`still here ${String(i)}`)
    }
  })

  test('an upstream head beyond proxy-buffer-size is a 502', async () => {
    const plane = start()
    const upstream = await plane.upstream('big', {
      respond: (_, response) => response.setHeader('X-Big', 'a'.repeat(6_000)).end(),
    })
    plane.dataPlane.replaceTable(tableTo(upstream))
    const { port } = await plane.listen()
    expect((await rawRequest({ port }, GET)).status).toBe(502)
  })

  test('a chunked body beyond the limit is a 413', async () => {
    const plane = start()
    const upstream = await plane.upstream('shop')
    const route = routeTo('test/shop/80', { filters: [{ kind: 'body-limit', maxBytes: 5 }] })
    plane.dataPlane.replaceTable(
      tableOf({
        hosts: [hostWith('shop.example', [route])],
        backends: [backendAt('test/shop/80', [upstream.endpoint])],
      }),
    )
    const { port } = await plane.listen()
    const bytes =
      'POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n'
    expect((await rawRequest({ port }, bytes)).status).toBe(413)
    expect(upstream.seen).toEqual([])
  })

  test('mirror: the copy arrives, its answer is forgotten, and a dead mirror delays nothing', async () => {
    const plane = start()
    const upstream = await plane.upstream('shop')
    const shadow = await plane.upstream('shadow', {
      respond: (_, response) => response.writeHead(500).end('shadow'),
    })
    const mirrorTo = (url: string) => [
      {
        kind: 'mirror' as const,
        url: [...text(url), { kind: 'variable' as const, name: 'request_uri' as const }],
        host: 'shadow.example',
        body: false,
      },
    ]
    const table = (url: string): RoutingTable =>
      tableOf({
        hosts: [hostWith('shop.example', [routeTo('test/shop/80', { filters: mirrorTo(url) })])],
        backends: [backendAt('test/shop/80', [upstream.endpoint])],
      })
    plane.dataPlane.replaceTable(table(`http://127.0.0.1:${String(shadow.port)}`))
    const { port } = await plane.listen()
    expect(
      (await rawRequest({ port }, 'GET /a?b HTTP/1.1\r\nHost: shop.example\r\nX-A: 1\r\n\r\n')).body,
    ).toBe('shop /a?b')
    await until('the copy arrived', () => shadow.seen[0])
    expect(shadow.seen[0]).toMatchObject({ method: 'GET', target: '/a?b' })
    expect(headerValues(shadow.seen[0]!, 'host')).toEqual(['shadow.example'])
    expect(headerValues(shadow.seen[0]!, 'x-a')).toEqual(['1'])
    await shadow.close()
    expect((await rawRequest({ port }, GET)).body).toBe('shop /')
  })

  describe('client certificates', () => {
    const get = async (port: number, tls: object, host = 'shop.example'): Promise<number> =>
      (
        await rawRequest(
          { port, tls: { servername: host, rejectUnauthorized: false, ...tls } },
          `GET / HTTP/1.1\r\nHost: shop.example\r\nssl-client-verify: SUCCESS\r\n\r\n`,
        )
      ).status

    test('on: 400 without, 400 with a stranger’s, 403 with another name, and headers for the upstream with a good one', async () => {
      const plane = start()
      const upstream = await plane.upstream('shop')
      const authority = await makeAuthority()
      const server = await authority.issue('shop.example', 'other.example')
      const certificates = [tableCertificate('shop', server)]
      const clientAuth = {
        mode: 'on' as const,
        caPem: authority.certPem,
        depth: 1,
        matchCommonName: 'CN=alice',
        passToUpstream: true,
      }
      const tls = { certificate: 'shop' as CertificateId, clientAuth }
      plane.dataPlane.replaceTable(
        tableTo(upstream, tls, { certificates, fallbackCertificate: 'shop' as CertificateId }),
      )
      const { port } = await plane.listen(true)
      const as = async (name: string, issuer = authority): Promise<object> => {
        const { certPem, keyPem } = await issuer.issue(name)
        return { cert: certPem, key: keyPem }
      }
      expect(await get(port, {})).toBe(400)
      expect(await get(port, await as('alice', await makeAuthority()))).toBe(400)
      expect(await get(port, await as('mallory'))).toBe(403)
      expect(upstream.seen).toEqual([])
      expect(await get(port, await as('alice'))).toBe(200)
      expect(headerValues(upstream.seen[0]!, 'ssl-client-verify')).toEqual(['SUCCESS'])
      expect(headerValues(upstream.seen[0]!, 'ssl-client-subject-dn')).toEqual(['CN=alice'])
      expect(decodeURIComponent(headerValues(upstream.seen[0]!, 'ssl-client-cert')[0] ?? '')).toContain(
        'BEGIN CERTIFICATE',
      )
      // Asking for another server name is no way around the check: routing goes by Host.
      expect(await get(port, {}, 'other.example')).toBe(421)
      const plain = await plane.listen()
      expect((await rawRequest({ port: plain.port }, GET)).status).toBe(400)
    })

    test('a certificate that another host accepts is no way into this one', async () => {
      const plane = start()
      const upstream = await plane.upstream('shop')
      const [ours, theirs] = [await makeAuthority(), await makeAuthority()]
      const server = await ours.issue('shop.example', 'other.example')
      const accepting = (caPem: string) => ({
        certificate: 'shop' as CertificateId,
        clientAuth: { mode: 'on' as const, caPem, depth: 1, passToUpstream: false },
      })
      const certificates = [tableCertificate('shop', server)]
      const table = tableTo(upstream, accepting(ours.certPem), { certificates })
      const hosts = table.hosts.flatMap((host) => [
        { ...host, host: 'other.example' as HostPattern, tls: accepting(theirs.certPem) },
        host,
      ])
      plane.dataPlane.replaceTable({ ...table, hosts })
      const { port } = await plane.listen(true)
      const { certPem: cert, keyPem: key } = await theirs.issue('alice')
      expect(await get(port, { cert, key }, 'other.example')).toBe(421)
      expect(await get(port, { cert, key })).toBe(400)
      expect(upstream.seen).toEqual([])
    })

    test('headers that speak of certificates never come from a client', async () => {
      const plane = start()
      const upstream = await plane.upstream('shop')
      plane.dataPlane.replaceTable(tableTo(upstream))
      const { port } = await plane.listen()
      await rawRequest(
        { port },
        'GET / HTTP/1.1\r\nHost: shop.example\r\nssl-client-verify: SUCCESS\r\nSSL-Client-Cert: x\r\n\r\n',
      )
      expect(upstream.seen[0]!.headers.filter(([name]) => name.startsWith('ssl-client'))).toEqual([])
    })
  })
})
