import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createService } from './create-service.ts'
import { readServiceSettings } from './settings.ts'

let app: FastifyInstance
let written = ''

beforeEach(() => {
  written = ''
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
  app = createService(readServiceSettings('test', { port: 0 }, {}, []))
  app.get('/things', () => ({ ok: true }))
  app.get('/things/:secret', () => ({ ok: true }))
  app.get('/secret', { config: { unlogged: true } }, () => ({ ok: true }))
  app.get('/quiet', { logLevel: 'warn' }, () => ({ ok: true }))
  app.get('/speaks', (request) => {
    request.log.info({ token: 'hidden' }, 'a word')
    request.log.child({ part: 'one' }).warn('another')
    return { ok: true }
  })
  app.get('/fails', () => {
    throw new Error('broken')
  })
})
afterEach(async () => {
  await app.close()
  jest.restoreAllMocks()
})

const get = (url: string, headers: Readonly<Record<string, string>> = {}) => app.inject({ url, headers })

async function lines(): Promise<readonly Record<string, unknown>[]> {
  await nextTurn()
  return written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('every answer has its id and forbids guessing its type, also a refusal', async () => {
  for (const url of ['/things', '/nothing', '/fails']) {
    const { headers } = await get(url, { 'x-request-id': 'id-1' })
    expect(headers).toMatchObject({ 'x-request-id': 'id-1', 'x-content-type-options': 'nosniff' })
  }
  expect(await lines()).not.toEqual([])
})

test('one line per request, with the id that the client gave', async () => {
  const reply = await get('/things?token=hidden', { 'x-request-id': 'mine', 'user-agent': 'a "b"' })
  expect(reply.headers['x-request-id']).toBe('mine')
  const all = await lines()
  expect(all).toHaveLength(1)
  expect(all[0]).toMatchObject({
    level: 'info',
    name: 'test',
    requestId: 'mine',
    method: 'GET',
    path: '/things',
    status: 200,
    userAgent: 'a "b"',
    msg: 'request',
  })
})

test('W25 no line tells a parameter, the rest of an unknown address, or an unlogged route', async () => {
  for (const url of ['/things/hidden', '/unknown/hidden/hidden', '/secret', '/quiet', '/%zz/hidden'])
    await get(url)
  const all = await lines()
  expect(all.map(({ path, status }) => [path, status])).toEqual([
    ['/things/:secret', 200],
    ['/unknown/…', 404],
  ])
  expect(written).not.toContain('hidden')
})

test('a request’s own lines carry its id and no secret, before its access line', async () => {
  await get('/speaks', { 'x-request-id': 'mine' })
  const all = await lines()
  expect(all.map(({ msg, requestId }) => [msg, requestId])).toEqual([
    ['a word', 'mine'],
    ['another', 'mine'],
    ['request', 'mine'],
  ])
  expect(all[0]?.['token']).toBe('[redacted]')
  expect(all[1]?.['part']).toBe('one')
})

test('a failure tells its cause once, and the access line its status', async () => {
  await get('/fails')
  const all = await lines()
  expect(all.map(({ msg, level }) => [msg, level])).toEqual([
    ['Something went wrong, please try again later.', 'error'],
    ['request', 'info'],
  ])
  expect(all[0]?.['err']).toMatchObject({ message: 'broken' })
})

test('requests are counted by route, method and status, never by path', async () => {
  for (const url of ['/things', '/things', '/things/1', '/things/2', '/nowhere/1', '/nowhere/2', '/secret'])
    await get(url)
  await lines()
  const text = await app.metrics.metrics()
  const counted = text.split('\n').filter((line) => line.startsWith('http_requests_total{'))
  expect(counted.sort()).toEqual([
    'http_requests_total{method="GET",route="/secret",status="200",service="test"} 1',
    'http_requests_total{method="GET",route="/things",status="200",service="test"} 2',
    'http_requests_total{method="GET",route="/things/:secret",status="200",service="test"} 2',
    'http_requests_total{method="GET",route="none",status="404",service="test"} 2',
  ])
  expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/things"[^}]*\} 2\n/)
})
