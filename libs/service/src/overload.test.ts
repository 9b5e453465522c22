import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { fastify, type FastifyInstance } from 'fastify'
import { answerErrors } from './answer-errors.ts'
import { shedOverload } from './overload.ts'

let nowMs: number
let tick: (() => void) | undefined
let app: FastifyInstance
let lines: string[]
let queueMs: number
let rests: number
let busy: boolean

beforeEach(async () => {
  ;[nowMs, queueMs, rests, busy] = [0, 0, 0, false]
  lines = []
  const write = (line: string) => {
    lines.push((JSON.parse(line) as { readonly msg: string }).msg)
  }
  app = fastify({ logger: { stream: { write } }, disableRequestLogging: true })
  const every = (_ms: number, callback: () => void) => {
    tick = callback
    return () => {
      tick = undefined
    }
  }
  answerErrors(app)
  const queue = {
    measureMs: () => queueMs,
    rest: () => {
      rests += 1
    },
  }
  shedOverload(app, 500, { now: () => nowMs, every, busy: () => busy }, queue)
  app.get('/', () => 'ok')
  // A start that takes long is not an overload.
  nowMs = 20_000
  await app.ready()
})
afterEach(() => app.close())

function tickAfter(ms: number): void {
  nowMs += ms
  tick?.()
}
const get = () => app.inject({ url: '/' })

test('requests are served at one stall and refused while the loop stays late', async () => {
  tickAfter(3_000)
  expect((await get()).statusCode).toBe(200)
  tickAfter(3_000)
  const refused = await get()
  expect(refused.statusCode).toBe(503)
  expect(refused.headers['retry-after']).toBe('2')
  expect(refused.json()).toMatchObject({ code: 'overloaded' })
  expect((await app.inject({ url: '/nothing' })).statusCode).toBe(503)
  tickAfter(100)
  expect((await get()).statusCode).toBe(200)
})

test('the log has a line when refusing begins and one when it ends, not one for each request', async () => {
  for (const ms of [100, 2_000, 2_000]) tickAfter(ms)
  for (let count = 0; count < 3; count += 1) await get()
  tickAfter(100)
  await get()
  expect(lines).toEqual([
    'requests have to wait for 1900 ms: they are refused',
    'requests are served in time again; 3 were refused',
  ])
})

test('requests are refused while new connections wait, though the event loop is on time', async () => {
  ;[queueMs, busy] = [600, true]
  for (let ticks = 0; ticks < 10; ticks += 1) {
    tickAfter(100)
    expect((await get()).statusCode).toBe(200)
  }
  tickAfter(100)
  expect((await get()).statusCode).toBe(503)
  queueMs = 400
  tickAfter(100)
  expect((await get()).statusCode).toBe(200)
})

test('the queue of new connections is measured only while the event loop is busy', () => {
  queueMs = 600
  for (let ticks = 0; ticks < 20; ticks += 1) tickAfter(100)
  expect([rests, lines]).toEqual([20, []])
  busy = true
  for (let ticks = 0; ticks < 20; ticks += 1) tickAfter(100)
  expect([rests, lines]).toEqual([20, ['requests have to wait for 600 ms: they are refused']])
})

test('a service that is closed ticks no more', async () => {
  expect(tick).toBeDefined()
  await app.close()
  expect(tick).toBeUndefined()
})
