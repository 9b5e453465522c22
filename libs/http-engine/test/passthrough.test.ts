import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import {
  connect as connectTcp,
  createServer as createTcpServer,
  type AddressInfo,
  type Socket,
} from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import type { Listener, ListenOptions, PassedThrough, Passthrough } from '@postern/exchange'
import type { Endpoint } from '@postern/routing-table'
import { closedPort, makeAuthority, tableCertificate, until, type TestAuthority } from '@postern/testing'
import { createHttpEngine, type HttpEngineOptions } from '../src/index.ts'
import { LIMITS } from './proxy-bench.ts'

// Connections whose TLS ends at an endpoint and not here. The listener's own certificate is for another name.

let authority: TestAuthority
const certificates = new Map<string, { certPem: string; keyPem: string }>()
beforeAll(async () => {
  authority = await makeAuthority()
  for (const name of ['passed.example', 'own.example']) certificates.set(name, await authority.issue(name))
})

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

function certificateOf(name: string) {
  const found = certificates.get(name)
  if (found === undefined) throw new RangeError(name)
  return found
}

/** A TLS server that answers every chunk with itself, and ends when its client does. */
async function startEcho(onSocket: (socket: TLSSocket) => void = (socket) => socket.pipe(socket)) {
  const { certPem, keyPem } = certificateOf('passed.example')
  const sockets = new Set<TLSSocket>()
  const server = createServer({ cert: certPem, key: keyPem, allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    onSocket(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as AddressInfo
  return { endpoint: { address: '127.0.0.1', port }, sockets }
}

interface Passing {
  readonly listener: Listener
  readonly asked: readonly string[]
  readonly ended: readonly PassedThrough[]
}

interface PassingOptions {
  readonly endpoints: readonly Endpoint[] | Promise<readonly Endpoint[]>
  readonly idleMs?: number
  readonly connectMs?: number
  readonly engine?: HttpEngineOptions
  readonly listen?: Partial<ListenOptions>
}

async function pass(options: PassingOptions): Promise<Passing> {
  const { endpoints, idleMs = 10_000, connectMs = 5_000 } = options
  const engine = createHttpEngine(options.engine)
  const asked: string[] = []
  const ended: PassedThrough[] = []
  const identity = { certificate: tableCertificate('own', certificateOf('own.example')) }
  const tls = {
    select: () => identity,
    passthrough: (serverName: string): Passthrough | undefined => {
      asked.push(serverName)
      if (serverName !== 'passed.example') return undefined
      return { endpoints: async () => endpoints, connectMs, idleMs, over: (passed) => ended.push(passed) }
    },
  }
  const listener = await engine.listen(
    { host: '127.0.0.1', port: 0, limits: LIMITS, tls, ...options.listen },
    (exchange) => void engine.reply(exchange, { status: 200, headers: [], body: 'ended here' }),
  )
  open.push(async () => {
    listener.destroy()
    await listener.stop()
    await engine.close()
  })
  return { listener, asked, ended }
}

function client({ port }: Listener, servername: string): TLSSocket {
  const socket = connect({
    ...{ port, host: '127.0.0.1', servername, ca: authority.certPem, allowHalfOpen: true },
  })
  socket.on('error', () => undefined)
  open.push(() => socket.destroy())
  return socket
}

function plain({ port }: Listener): Socket {
  const socket = connectTcp({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  open.push(() => socket.destroy())
  return socket
}

async function read(socket: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let have = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    if ((have += chunk.length) >= length) break
  }
  return Buffer.concat(chunks)
}

/** However it ends: a handshake that is cut is an error of its client. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** The ClientHello of a real client, and whatever it says next. */
function helloOf(servername: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (bytes: Buffer) => {
        socket.destroy()
        server.close()
        resolve(bytes)
      })
    }).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      connect({ port, host: '127.0.0.1', servername }).on('error', () => undefined)
    })
    server.once('error', reject)
  })
}

describe.each(['onread', 'documented'] as const)('TLS that is passed through (%s)', (transport) => {
  const engine = { transport }

  test('ends at the endpoint, with its certificate and every byte in both directions', async () => {
    const { endpoint } = await startEcho()
    const { listener, ended, asked } = await pass({ endpoints: [endpoint], engine })
    const socket = client(listener, 'passed.example')
    await once(socket, 'secureConnect')
    expect(socket.authorized).toBe(true)
    expect(socket.getPeerX509Certificate()?.subjectAltName).toBe('DNS:passed.example')
    const sent = Buffer.alloc(4 * 1024 * 1024, 'passed through unopened ')
    socket.end(sent)
    const received = await read(socket, sent.length)
    expect(received.equals(sent)).toBe(true)
    socket.destroy()
    await until('the connection is over', () => ended.length === 1)
    expect(asked).toEqual(['passed.example'])
    expect(ended[0]).toMatchObject({ outcome: 'passed', endpoint, attempts: 1 })
    expect(ended[0]?.problem).toBeUndefined()
    expect(ended[0]?.bytes).toBeGreaterThan(sent.length)
    await until('nothing is left', () => listener.connections() === 0)
  })

  test('a side that has said its last still hears the other out', async () => {
    const { endpoint } = await startEcho((socket) => {
      let heard = ''
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
      socket.on('end', () => socket.end(`heard ${heard}`))
    })
    const { listener, ended } = await pass({ endpoints: [endpoint], engine })
    const socket = client(listener, 'passed.example')
    socket.end('the last word')
    expect((await read(socket, 19)).toString()).toBe('heard the last word')
    await until('both sides are closed', () => listener.connections() === 0)
    expect(ended).toHaveLength(1)
  })
})

test('another name is opened here', async () => {
  const { endpoint, sockets } = await startEcho()
  const { listener, asked } = await pass({ endpoints: [endpoint] })
  const socket = client(listener, 'own.example')
  socket.write('GET / HTTP/1.1\r\nHost: own.example\r\nConnection: close\r\n\r\n')
  expect((await read(socket, 1_000)).toString()).toContain('ended here')
  expect(asked).toEqual(['own.example'])
  expect(sockets.size).toBe(0)
})

test('a ClientHello in single bytes is waited for, and goes on whole', async () => {
  const hello = await helloOf('passed.example')
  let heard = Buffer.alloc(0)
  const upstream = createTcpServer((socket) => {
    socket.on('data', (chunk: Buffer) => (heard = Buffer.concat([heard, chunk])))
    socket.on('error', () => undefined)
    open.push(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  open.push(() => upstream.close())
  const { port } = upstream.address() as AddressInfo
  const { listener } = await pass({ endpoints: [{ address: '127.0.0.1', port }] })
  const socket = plain(listener).setNoDelay(true)
  for (let at = 0; at < hello.length; at++) {
    socket.write(hello.subarray(at, at + 1))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until('the hello has arrived', () => heard.length >= hello.length)
  expect(heard.equals(hello)).toBe(true)
})

test.each([
  ['an HTTP request', 'GET / HTTP/1.1\r\nHost: passed.example\r\n\r\n'],
  ['zeros', '\0'.repeat(512)],
  ['records without an end', '\x16\x03\x01\x40\x00' + 'x'.repeat(40_000)],
])('%s instead of a ClientHello reaches nobody', async (_, bytes) => {
  const { endpoint, sockets } = await startEcho()
  const { listener, asked, ended } = await pass({ endpoints: [endpoint] })
  const socket = plain(listener)
  socket.write(bytes, 'latin1')
  socket.resume()
  await closed(socket)
  await until('nothing is left', () => listener.connections() === 0)
  expect([asked, ended, sockets.size]).toEqual([[], [], 0])
})

test('a ClientHello that never comes whole is cut in time', async () => {
  const { listener, asked } = await pass({
    endpoints: [],
    listen: { limits: { ...LIMITS, headTimeoutMs: 50 } },
  })
  const socket = plain(listener)
  socket.write((await helloOf('passed.example')).subarray(0, 40))
  socket.resume()
  await closed(socket)
  expect(asked).toEqual([])
})

test('an endpoint that lets nobody in is passed over for the next', async () => {
  const gone: Endpoint = { address: '127.0.0.1', port: await closedPort() }
  const { endpoint } = await startEcho()
  const { listener, ended } = await pass({ endpoints: Promise.resolve([gone, endpoint]) })
  const socket = client(listener, 'passed.example')
  socket.write('x')
  expect((await read(socket, 1)).toString()).toBe('x')
  socket.destroy()
  await until('it is over', () => ended.length === 1)
  expect(ended[0]).toMatchObject({ endpoint, attempts: 2 })
})

test.each([
  ['no endpoint', async () => [], 0, 'there is no endpoint'],
  [
    'endpoints that are gone',
    async () => [{ address: '127.0.0.1', port: await closedPort() }],
    1,
    'ECONNREFUSED',
  ],
  ['a name that is not known', () => Promise.reject(new Error('ENOTFOUND')), 0, 'ENOTFOUND'],
])('with %s the connection is closed, and it is told why', async (_, endpoints, attempts, problem) => {
  const { listener, ended } = await pass({ endpoints: endpoints() })
  const socket = client(listener, 'passed.example')
  await closed(socket)
  await until('it is over', () => ended.length === 1 && listener.connections() === 0)
  expect(ended[0]).toMatchObject({
    ...{ outcome: 'unreached', attempts, bytes: 0, problem: expect.stringContaining(problem) },
  })
})

test('silence in both directions ends it', async () => {
  const { endpoint } = await startEcho()
  const { listener, ended } = await pass({ endpoints: [endpoint], idleMs: 100 })
  const socket = client(listener, 'passed.example')
  socket.write('x')
  expect((await read(socket, 1)).toString()).toBe('x')
  await until('it is over', () => ended.length === 1 && listener.connections() === 0)
  expect(ended[0]?.outcome).toBe('passed')
})

test('the PROXY protocol in front of it tells who the client is, and does not go on', async () => {
  const { endpoint } = await startEcho()
  const { listener, ended } = await pass({ endpoints: [endpoint], listen: { proxyProtocol: true } })
  const raw = plain(listener)
  raw.write('PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n')
  const socket = connect({ socket: raw, servername: 'passed.example', ca: authority.certPem })
  socket.write('x')
  expect((await read(socket, 1)).toString()).toBe('x')
  raw.destroy()
  await until('it is over', () => ended.length === 1)
  expect(ended[0]?.connection).toMatchObject({
    ...{ scheme: 'https', remoteAddress: '192.0.2.7', remotePort: 4711, localPort: listener.port },
  })
})

test('it counts among the connections of the listener, and is refused beyond their limit', async () => {
  const { endpoint, sockets } = await startEcho()
  const listen = { limits: { ...LIMITS, maxConnections: 1 } }
  const { listener, ended } = await pass({ endpoints: [endpoint], listen })
  const first = client(listener, 'passed.example')
  await once(first, 'secureConnect')
  expect(listener.connections()).toBe(1)
  const second = client(listener, 'passed.example')
  await closed(second)
  await until('it is told', () => ended.length === 1)
  expect(ended[0]).toMatchObject({ attempts: 0, outcome: 'too-many-connections' })
  first.write('x')
  expect((await read(first, 1)).toString()).toBe('x')
  expect(sockets.size).toBe(1)
})

test('a listener that stops waits for it, and cuts it when told to', async () => {
  const { endpoint, sockets } = await startEcho()
  const { listener, ended } = await pass({ endpoints: [endpoint] })
  const socket = client(listener, 'passed.example')
  await once(socket, 'secureConnect')
  let hasStopped = false
  const stopped = listener.stop().then(() => (hasStopped = true))
  socket.write('still there')
  expect((await once(socket, 'data')).toString()).toBe('still there')
  expect(hasStopped).toBe(false)
  listener.destroy()
  await stopped
  await until('the endpoint is let go', () => [...sockets].every((one) => one.destroyed))
  expect(ended).toHaveLength(1)
})

test('a client that leaves before an endpoint is reached leaves nothing behind', async () => {
  let found: (endpoints: readonly Endpoint[]) => void = () => undefined
  const endpoints = new Promise<readonly Endpoint[]>((resolve) => (found = resolve))
  const { endpoint, sockets } = await startEcho()
  const { listener, ended, asked } = await pass({ endpoints })
  const socket = plain(listener)
  socket.write(await helloOf('passed.example'))
  await until('the name is read', () => asked.length === 1)
  socket.resetAndDestroy()
  await until('it is over', () => ended.length === 1 && listener.connections() === 0)
  found([endpoint])
  expect(ended[0]?.outcome).toBe('client-gone')
  await new Promise((resolve) => setImmediate(resolve))
  expect(sockets.size).toBe(0)
})
