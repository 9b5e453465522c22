import { describe, expect, test } from '@jest/globals'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { Exchange, Refused } from '@postern/exchange'
import { until } from '../until.ts'
import { TEST_LIMITS, type EngineBench } from './bench.ts'

/** Binding, limits per listener, and the graceful end. */
export function listenerSuite(bench: EngineBench): void {
  describe('listeners', () => {
    test('port 0 takes a free port and tells which', async () => {
      const listener = await bench.listen(
        (exchange) => void bench.engine.reply(exchange, { status: 200, headers: [], body: '' }),
      )
      expect(listener.port).toBeGreaterThan(0)
      expect(listener.host).toBe('127.0.0.1')
    })

    test('a port in use is an error that names the address', async () => {
      const squatter = createServer().listen(0, '127.0.0.1')
      await once(squatter, 'listening')
      const address = squatter.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      await expect(bench.listen(() => undefined, { port })).rejects.toThrow(`127.0.0.1:${String(port)}`)
      squatter.close()
    })

    test('whoever wants to know is told what the engine answers by itself', async () => {
      const refused: Refused[] = []
      const listener = await bench.listen(() => undefined, {
        onRefused: (one) => refused.push(one),
        limits: { ...TEST_LIMITS, maxConnections: 1 },
      })
      const said = async (bytes: string): Promise<string> => {
        const client = await bench.connect({ port: listener.port })
        client.write(bytes)
        const answer = await client.readToEnd()
        client.close()
        return answer.slice(0, 12)
      }
      expect(await said('nonsense\r\n\r\n')).toBe('HTTP/1.1 400')
      await until('the connection is gone', () => listener.connections() === 0)
      expect(await said(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toBe('HTTP/1.1 431')
      await until('the connection is gone', () => listener.connections() === 0)
      const first = await bench.connect({ port: listener.port })
      await until('it is there', () => listener.connections() === 1)
      expect(await said('')).toBe('HTTP/1.1 503')
      first.close()
      expect(refused.map(({ status }) => status)).toEqual([400, 431, 503])
      expect(refused[0]?.connection).toMatchObject({ scheme: 'http', remoteAddress: '127.0.0.1' })
      expect(refused[0]?.reason).not.toBe('')
    })

    test('keep-alive: several requests on one connection, counted as one', async () => {
      const ids: number[] = []
      const listener = await bench.listen((exchange) => {
        ids.push(exchange.connection.id)
        void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
      })
      const client = await bench.connect({ port: listener.port })
      for (const _ of [1, 2, 3]) {
        client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        await client.readResponse()
      }
      expect(new Set(ids).size).toBe(1)
      expect(listener.connections()).toBe(1)
      client.close()
      await until('the connection is forgotten', () => listener.connections() === 0)
    })

    test('Connection: close is kept to', async () => {
      const { port } = await bench.listen(
        (exchange) => void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' }),
      )
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      expect((await client.readToEnd()).toLowerCase()).toContain('connection: close')
    })

    test('a connection is closed after maxRequestsPerConnection', async () => {
      const { port } = await bench.listen(
        (exchange) => void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' }),
        {
          limits: { ...TEST_LIMITS, maxRequestsPerConnection: 2 },
        },
      )
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await client.readResponse()).values('connection')).not.toContain('close')
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await client.readResponse()).values('connection')).toEqual(['close'])
      await client.readToEnd()
    })

    test('a head that does not come in time is a 408', async () => {
      const { port } = await bench.listen(() => undefined, { limits: { ...TEST_LIMITS, headTimeoutMs: 50 } })
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHo')
      expect((await client.readResponse()).status).toBe(408)
      await client.readToEnd()
    })

    test('beyond maxConnections a new connection gets a 503', async () => {
      const listener = await bench.listen(
        (exchange) => void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' }),
        {
          limits: { ...TEST_LIMITS, maxConnections: 1 },
        },
      )
      const first = await bench.connect({ port: listener.port })
      await until('the first is counted', () => listener.connections() === 1)
      const second = await bench.connect({ port: listener.port })
      expect((await second.readResponse()).status).toBe(503)
      first.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await first.readResponse()).status).toBe(200)
    })

    test('stop: idle connections close, new ones are refused, a request on its way finishes with Connection: close', async () => {
      let waiting: Exchange | undefined
      const listener = await bench.listen((exchange) => {
        if (exchange.path.normalized === '/slow') waiting = exchange
        else void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
      })
      const idle = await bench.connect({ port: listener.port })
      idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await idle.readResponse()
      const busy = await bench.connect({ port: listener.port })
      busy.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
      await until('the slow request arrived', () => waiting)

      const stopped = listener.stop()
      await idle.readToEnd()
      await expect(bench.connect({ port: listener.port })).rejects.toThrow()
      void bench.engine.reply(waiting!, { status: 200, headers: [], body: 'late' })
      const response = await busy.readResponse()
      expect(response).toMatchObject({ status: 200, body: 'late' })
      expect(response.values('connection')).toEqual(['close'])
      await busy.readToEnd()
      await stopped
      await until('all connections are gone', () => listener.connections() === 0)
    })

    test('retire: known connections and new ones are served, and each response says Connection: close', async () => {
      const listener = await bench.listen((exchange) => {
        void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
      })
      const known = await bench.connect({ port: listener.port })
      known.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await known.readResponse()).values('connection')).not.toContain('close')

      listener.retire()
      for (const client of [known, await bench.connect({ port: listener.port })]) {
        client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        const response = await client.readResponse()
        expect([response.status, response.values('connection')]).toEqual([200, ['close']])
        await client.readToEnd()
      }
    })

    test('PROXY protocol: the client is who the header says; without a header the connection is closed', async () => {
      const seen: string[] = []
      const { port } = await bench.listen(
        (exchange) => {
          seen.push(`${exchange.connection.remoteAddress} ${String(exchange.connection.remotePort)}`)
          void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
        },
        { proxyProtocol: true },
      )
      const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
      const client = await bench.connect({ port })
      client.write(`PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n${request}`)
      expect((await client.readResponse()).body).toBe('ok')
      client.write(request)
      expect((await client.readResponse()).body).toBe('ok')
      const slow = await bench.connect({ port })
      slow.write('PROXY TCP6 2001:db8::7 ')
      slow.write(`::1 1 2\r\n${request}`)
      expect((await slow.readResponse()).body).toBe('ok')
      expect(seen).toEqual(['192.0.2.7 56324', '192.0.2.7 56324', '2001:db8::7 1'])
      const bare = await bench.connect({ port })
      bare.write(request)
      await bare.readToEnd()
      expect(seen).toHaveLength(3)
    })

    test('destroy cuts what is still open', async () => {
      const listener = await bench.listen(() => undefined)
      const client = await bench.connect({ port: listener.port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await until('the connection is counted', () => listener.connections() === 1)
      listener.destroy()
      await client.readToEnd()
    })
  })
}
