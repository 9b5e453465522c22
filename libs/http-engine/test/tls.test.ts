import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect } from 'node:tls'
import type { Listener, Refused, TlsIdentity } from '@postern/exchange'
import { makeAuthority, tableCertificate, until } from '@postern/testing'
import { createHttpEngine } from '../src/index.ts'
import { LIMITS } from './proxy-bench.ts'

let identity: TlsIdentity
let authority: string
const open: (() => void)[] = []
beforeAll(async () => {
  const made = await makeAuthority()
  authority = made.certPem
  identity = { certificate: tableCertificate('a', await made.issue('a.example')) }
})
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function serve(headTimeoutMs: number, onRefused?: (refused: Refused) => void): Promise<Listener> {
  const engine = createHttpEngine()
  const tls = { select: (name: string | undefined) => (name === 'a.example' ? identity : undefined) }
  const limits = { ...LIMITS, headTimeoutMs }
  const options = { host: '127.0.0.1', port: 0, tls, limits, ...(onRefused && { onRefused }) }
  const listener = await engine.listen(options, (exchange) => {
    void engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
  })
  open.push(() => {
    listener.destroy()
    void listener.stop()
  })
  return listener
}

function watched(socket: Socket): Socket {
  socket.on('error', () => undefined)
  socket.resume()
  open.push(() => socket.destroy())
  return socket
}

test('a client that leaves as soon as its side of the handshake is done is forgotten', async () => {
  const listener = await serve(60_000)
  const client = watched(
    connect({ port: listener.port, host: '127.0.0.1', servername: 'a.example', ca: authority }),
  )
  await once(client, 'secureConnect')
  client.destroy()
  await until('the connection is forgotten', () => listener.connections() === 0)
})

test.each([
  ['nothing', ''],
  ['part of a hello', '\x16\x03\x01'],
])('a client that sends %s is cut in time', async (_, bytes) => {
  const listener = await serve(50)
  const client = watched(connectTcp({ port: listener.port, host: '127.0.0.1' }))
  client.write(bytes, 'latin1')
  await once(client, 'close')
  await until('the connection is forgotten', () => listener.connections() === 0)
})

test.each([
  ['plain HTTP', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a broken hello', `\x16\x03\x01\0\x20\x01\0\0\x1c${'\xff'.repeat(28)}`],
])('%s on a TLS port is refused', async (_, bytes) => {
  const listener = await serve(60_000)
  const client = watched(connectTcp({ port: listener.port, host: '127.0.0.1' }))
  client.write(bytes, 'latin1')
  await once(client, 'close')
  await until('the connection is forgotten', () => listener.connections() === 0)
})

test('plain HTTP on a port for HTTPS is told so, as nginx tells it', async () => {
  const refused: string[] = []
  const listener = await serve(60_000, ({ reason }) => refused.push(reason))
  const client = watched(connectTcp(listener.port, '127.0.0.1'))
  let answer = ''
  client.on('data', (bytes: Buffer) => (answer += bytes.toString()))
  client.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n')
  await once(client, 'end')
  client.end()
  expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*\r\n\r\na plain HTTP request was sent to an HTTPS port\n$/)
  expect(refused).toEqual(['a plain HTTP request was sent to an HTTPS port'])
  await until('the connection is forgotten', () => listener.connections() === 0)
})

test('what is neither TLS nor HTTP is cut without an answer', async () => {
  const listener = await serve(60_000)
  const client = watched(connectTcp(listener.port, '127.0.0.1'))
  let answer = ''
  client.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')))
  client.write(Buffer.from([0, 1, 2, 3]))
  await once(client, 'close')
  expect(answer).not.toContain('HTTP')
  await until('the connection is forgotten', () => listener.connections() === 0)
})
