import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { until } from '@postern/testing'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { watchAcceptQueue, type AcceptQueue } from './accept-queue.ts'

let server: Server
let queue: AcceptQueue
let nowMs: number
let accepted: number

beforeEach(() => {
  ;[nowMs, accepted] = [0, 0]
  server = createServer((socket) => {
    accepted += 1
    socket.on('error', () => socket.destroy())
    socket.resume()
  })
  queue = watchAcceptQueue(server, () => nowMs)
})
afterEach(() => {
  queue.rest()
  server.close()
})

async function listen(host: string): Promise<void> {
  await once(server.listen(0, host), 'listening')
}

test.each(['127.0.0.1', '0.0.0.0'])(
  'at %s a probe tells how long it waits, and how long it did',
  async (host) => {
    await listen(host)
    expect(queue.measureMs()).toBe(0)
    nowMs = 700
    expect(queue.measureMs()).toBe(700)
    nowMs = 900
    await until('the probe is accepted', () => accepted === 1)
    nowMs = 1_000
    expect(queue.measureMs()).toBe(900)
    nowMs = 2_000
    expect(queue.measureMs()).toBe(1_000)
    await until('the next one is accepted', () => accepted === 2)
    nowMs = 3_000
    expect(queue.measureMs()).toBe(1_000)
  },
)

test('one probe stands in the queue at a time, and none after a rest', async () => {
  await listen('127.0.0.1')
  queue.measureMs()
  queue.measureMs()
  await until('the probe is accepted', () => accepted === 1)
  nowMs = 500
  queue.measureMs()
  await until('the next one is accepted', () => accepted === 2)
  queue.rest()
  nowMs = 900
  expect(queue.measureMs()).toBe(0)
})

test('other connections are no probes', async () => {
  await listen('127.0.0.1')
  const { port } = server.address() as { readonly port: number }
  queue.measureMs()
  const client = connect(port, '127.0.0.1')
  await until('both are accepted', () => accepted === 2)
  nowMs = 500
  expect(queue.measureMs()).toBe(0)
  client.destroy()
})

test('a server that does not listen, or no longer, is not measured', async () => {
  expect(queue.measureMs()).toBe(0)
  await listen('127.0.0.1')
  server.close()
  nowMs = 500
  expect(queue.measureMs()).toBe(0)
})
