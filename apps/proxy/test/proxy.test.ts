import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runApp, startApp, until, type AppProcess } from '@postern/testing'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

let upstream: Server
let proxy: AppProcess
let port: number
let listener: RequestListener
beforeAll(async () => {
  upstream = createServer((request, reply) => listener(request, reply))
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  port = (upstream.address() as AddressInfo).port
  proxy = await startApp({ folder: 'apps/proxy', env: { API_URL: `http://127.0.0.1:${port}` } })
})
afterAll(async () => {
  await proxy.stop()
  upstream.closeAllConnections()
  upstream.close()
})

async function ask(answer: RequestListener): Promise<[number, string]> {
  listener = answer
  const reply = await fetch(proxy.url)
  const body = await reply.text()
  return [reply.status, reply.ok ? body : (JSON.parse(body) as { message: string }).message]
}

describe('the caller of the other namespace', () => {
  test('S1.23 shows what the service said', async () => {
    expect(await ask((_, reply) => reply.end('Hello Kubernetes!'))).toEqual([
      200,
      'received message: Hello Kubernetes!\n',
    ])
  })

  test('sends the id of its request along', async () => {
    let id: unknown
    listener = (request, reply) => {
      id = request.headers['x-request-id']
      reply.end()
    }
    await fetch(proxy.url, { headers: { 'x-request-id': 'abc-1' } })
    expect(id).toBe('abc-1')
  })

  test.each<[string, RequestListener, number, RegExp]>([
    ['an error status', (_, reply) => reply.writeHead(500).end('oops'), 502, /answered with status 500/],
    ['a redirect', (_, reply) => reply.writeHead(302, { location: '/' }).end(), 502, /status 302/],
    ['a broken connection', (request) => request.socket.destroy(), 502, /could not be reached/],
    ['too long a body', (_, reply) => reply.end('x'.repeat(1_100_000)), 502, /more than 1048576 bytes/],
  ])('tells of %s without naming an address', async (_what, answer, status, message) => {
    const [code, text] = await ask(answer)
    expect(code).toBe(status)
    expect(text).toMatch(message)
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN/)
  })

  test('stays when the service is gone', async () => {
    const gone = await startApp({ folder: 'apps/proxy', env: { API_URL: 'http://127.0.0.1:1' } })
    expect((await fetch(gone.url)).status).toBe(502)
    expect((await fetch(gone.url)).status).toBe(502)
    expect((await fetch(`${gone.healthUrl}/readiness`)).status).toBe(200)
    await gone.stop()
  })

  test('W16 S4.22 finishes what is in flight on SIGTERM, not ready meanwhile, and ends with 0', async () => {
    const leaving = await startApp({ folder: 'apps/proxy', env: { API_URL: `http://127.0.0.1:${port}` } })
    const arrived = new Promise<() => void>((resolve) => {
      listener = (_, reply) => resolve(() => reply.end('at last'))
    })
    const reply = fetch(leaving.url)
    const answerNow = await arrived
    const ended = leaving.stop()
    await until(
      'readiness says no',
      async () => (await fetch(`${leaving.healthUrl}/readiness`)).status === 503,
    )
    answerNow()
    expect(await (await reply).text()).toBe('received message: at last\n')
    expect(await ended).toBe(0)
  })

  test.each([
    ['API_URL', 'hello-app-service', /^API_URL is "hello-app-service": expected an http\(s\) URL/m],
    ['API_TIMEOUT_MS', '5s', /^API_TIMEOUT_MS is "5s": expected a whole number/m],
  ])('refuses a bad %s', async (name, value, message) => {
    const { code, output } = await runApp({ folder: 'apps/proxy', env: { [name]: value } })
    expect(output).toMatch(message)
    expect(code).toBe(2)
  })
})
