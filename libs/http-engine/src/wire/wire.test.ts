import { afterEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Outbox } from './outbox.ts'
import { ReadBuffers } from './read-buffers.ts'
import { IDLE_OWNER, Wire } from './wire.ts'

const outbox = new Outbox()
const open: (Server | Socket)[] = []
afterEach(() => {
  for (const one of open.splice(0)) {
    if ('destroy' in one) one.destroy()
    else one.close()
  }
})

/** A wire to a peer that reads only when told to. */
async function wireTo(): Promise<{ wire: Wire; socket: Socket; peer: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [[peer]] = (await Promise.all([once(server, 'connection'), once(socket, 'connect')])) as [
    [Socket],
    unknown,
  ]
  const wire = new Wire(IDLE_OWNER, outbox)
  wire.attach(socket)
  open.push(socket, peer, server)
  return { wire, socket, peer }
}

async function readAll(peer: Socket, length: number): Promise<string> {
  let text = ''
  peer.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  peer.resume()
  while (text.length < length) await once(peer, 'data')
  return text
}

test('a prefix is written over what was read before its span, in one piece', async () => {
  const { wire, peer } = await wireTo()
  const bytes = Buffer.alloc(10_000, 'x')
  wire.writeSpan('head|', bytes, 1_000, 10_000, new Wire(IDLE_OWNER, outbox))
  expect(bytes.toString('latin1', 995, 1_001)).toBe('head|x')
  expect(await readAll(peer, 9_005)).toBe(`head|${'x'.repeat(9_000)}`)
})

test('a prefix is written over the head in front of a body that was retained', async () => {
  const buffers = new ReadBuffers(1)
  const source = new Wire(IDLE_OWNER, outbox)
  const { buffer } = source.reading(buffers)
  source.memory.bulk = true
  const read = (typeof buffer === 'function' ? buffer() : buffer) as Buffer
  read.fill('x')
  const body = source.memory.retain(read, 500, 10_500)
  const { wire, peer } = await wireTo()
  wire.writeSpan('head|', body, 0, body.length, source)
  expect(read.toString('latin1', 494, 501)).toBe('xhead|x')
  expect(await readAll(peer, 10_005)).toBe(`head|${'x'.repeat(10_000)}`)
})

test('a prefix is never written over memory that is not of the source', async () => {
  const memory = Buffer.alloc(20_000, 'x')
  const { wire, peer } = await wireTo()
  wire.writeSpan('head|', memory.subarray(500), 0, 10_000, new Wire(IDLE_OWNER, outbox))
  expect(memory.toString('latin1', 490, 500)).toBe('x'.repeat(10))
  expect(await readAll(peer, 10_005)).toBe(`head|${'x'.repeat(10_000)}`)
})

test('a prefix is never written over a span that still waits for another peer', async () => {
  const source = new Wire(IDLE_OWNER, outbox)
  const slow = await wireTo()
  const fast = await wireTo()
  while (slow.socket.writableLength === 0) slow.wire.write('f'.repeat(100_000))
  const filled = slow.socket.bytesWritten
  const bytes = Buffer.concat([Buffer.alloc(20_000, 'a'), Buffer.alloc(10, '-'), Buffer.alloc(20_000, 'b')])
  slow.wire.writeSpan('', bytes, 0, 20_000, source)
  expect(slow.wire.congested).toBe(true)
  fast.wire.writeSpan('p'.repeat(500), bytes, 20_010, 40_010, source)
  expect(await readAll(fast.peer, 20_500)).toBe('p'.repeat(500) + 'b'.repeat(20_000))
  const received = await readAll(slow.peer, filled + 20_000)
  expect(received.endsWith('f' + 'a'.repeat(20_000))).toBe(true)
})

test('texts of one turn leave in one write at its end', async () => {
  const { wire, socket, peer } = await wireTo()
  wire.write('one,')
  wire.write('two')
  expect(socket.bytesWritten).toBe(0)
  expect(await readAll(peer, 7)).toBe('one,two')
})

test('a span does not overtake the text before it', async () => {
  const { wire, peer } = await wireTo()
  const bytes = Buffer.alloc(10_000, 'x')
  wire.write('head|')
  wire.writeSpan('', bytes, 0, 10_000, new Wire(IDLE_OWNER, outbox))
  wire.write('|tail')
  expect(await readAll(peer, 10_010)).toBe(`head|${'x'.repeat(10_000)}|tail`)
})

test.each(['end', 'finish'] as const)('%s() comes behind the text of its turn', async (how) => {
  const { wire, peer } = await wireTo()
  wire.write('last words')
  wire[how]()
  expect(await readAll(peer, 10)).toBe('last words')
})

test('destroy() drops what did not leave', async () => {
  const { wire, socket, peer } = await wireTo()
  wire.write('never said')
  wire.destroy()
  peer.resume()
  await once(peer, 'close')
  expect(socket.bytesWritten).toBe(0)
  expect(peer.bytesRead).toBe(0)
})

test('more wires than wait for the end of a turn lose nothing', async () => {
  const all = await Promise.all(Array.from({ length: 70 }, () => wireTo()))
  for (const { wire } of all) wire.write('hello')
  for (const { peer } of all) expect(await readAll(peer, 5)).toBe('hello')
})
