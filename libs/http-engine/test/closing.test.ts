import { afterEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Proxy, ScriptedUpstream, type ProxyOptions } from './proxy-bench.ts'

// RFC 9112 §9.6: when a connection ends, and who waits for whom.

const open: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function proxied(
  answer: string,
  options: ProxyOptions = {},
): Promise<{ proxy: Proxy; client: Socket }> {
  const upstream = new ScriptedUpstream((socket) => socket.on('data', () => socket.write(answer, 'latin1')))
  const proxy = new Proxy(await upstream.listen(), options)
  // It never closes its own side: what ends, the proxy has ended.
  const client = connect({ port: await proxy.listen(), host: '127.0.0.1', allowHalfOpen: true })
  open.push(
    () => upstream.close(),
    () => proxy.close(),
    () => void client.destroy(),
  )
  await once(client, 'connect')
  return { proxy, client }
}

async function readToEnd(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  await once(socket, 'end')
  return text
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 4_000
  while (!holds() && Date.now() < end) await new Promise((resolve) => setImmediate(resolve))
  expect(holds()).toBe(true)
}

const SMALL = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

test.each(['onread', 'documented'] as const)(
  'a client that said close is not waited for (%s)',
  async (transport) => {
    const { proxy, client } = await proxied(SMALL, { engine: { transport } })
    client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await readToEnd(client)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\nok$/)
    await until(() => proxy.listener.connections() === 0)
    expect(client.writable).toBe(true)
  },
)

test('a client that did not say close is read on from, so that what it has sent ahead cannot cost it the answer', async () => {
  const { proxy, client } = await proxied(SMALL, { limits: { maxRequestsPerConnection: 1 } })
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await readToEnd(client)).toContain('Connection: close\r\n')
  expect(proxy.listener.connections()).toBe(1)
  client.write('GET /ahead HTTP/1.1\r\nHost: a\r\n\r\n')
  client.end()
  await until(() => proxy.listener.connections() === 0)
  expect(proxy.served).toBe(1)
})

test('a client that said close and reads slowly gets the whole of a large answer', async () => {
  const body = 'x'.repeat(8 * 1024 * 1024)
  const { client } = await proxied(`HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`)
  client.write('GET / HTTP/1.0\r\n\r\n')
  await once(client, 'readable')
  // Long enough for every buffer on the way to fill.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  const text = await readToEnd(client)
  expect(text.length - text.indexOf('\r\n\r\n') - 4).toBe(body.length)
})

test('a body that is not read keeps the connection open long enough for the answer', async () => {
  const { client } = await proxied(SMALL, { request: () => ({ body: 'none' }) })
  client.write(
    `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n${'y'.repeat(100_000)}`,
  )
  const answered = readToEnd(client)
  client.write('y'.repeat(900_000))
  expect(await answered).toMatch(/\r\n\r\nok$/)
})

test('an answer that comes before a large body is through says that the connection ends', async () => {
  const { client } = await proxied(SMALL)
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(20_000)}`)
  expect(await readToEnd(client)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*Connection: close\r\n[^]*ok$/)
})

test('an answer that comes before the short rest of a body is through does not end the connection', async () => {
  const { client } = await proxied(SMALL)
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n${'x'.repeat(20_000)}`)
  const [answer] = (await once(client, 'data')) as [Buffer]
  expect(answer.toString('latin1')).not.toContain('Connection: close')
  client.write(`${'x'.repeat(20_000)}GET / HTTP/1.1\r\nHost: a\r\n\r\n`)
  const [next] = (await once(client, 'data')) as [Buffer]
  expect(next.toString('latin1')).toMatch(/^HTTP\/1.1 200 OK/)
})
