import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '@postern/exchange'
import { closedPort } from '../upstream.ts'
import { until } from '../until.ts'
import { TEST_TIMEOUTS, type EngineBench } from './bench.ts'

/** Failures of both sides: their codes, who is at fault, and whether another attempt may follow. */
export function failureSuite(bench: EngineBench): void {
  describe('failures', () => {
    test('a closed port is connect-refused and safe to retry', async () => {
      const { port } = await bench.proxy({ address: '127.0.0.1', port: await closedPort() })
      expect((await bench.request(port, 'GET / HTTP/1.1', 'Host: a')).body).toBe('connect-refused')
      expect(bench.outcomes[0]?.error).toMatchObject({
        code: 'connect-refused',
        blame: 'upstream',
        retrySafe: true,
      })
    })

    test('after connect-refused a request with a body may go to the next endpoint', async () => {
      const upstream = await bench.upstream()
      const refusing = { address: '127.0.0.1', port: await closedPort() }
      const { port } = await bench.listen(async (exchange) => {
        const request = {
          method: 'POST',
          target: '/',
          host: 'a',
          body: 'exchange' as const,
          timeouts: TEST_TIMEOUTS,
          maxResponseHeadBytes: 4_096,
          pipelining: 1,
        }
        await bench.engine.send(exchange, { ...request, endpoint: refusing }).catch(() => undefined)
        expect(exchange.body.replayable).toBe(true)
        await bench.engine.relay(
          exchange,
          await bench.engine.send(exchange, { ...request, endpoint: upstream.endpoint }),
        )
      })
      const response = await bench.request(port, 'POST / HTTP/1.1', 'Host: a', 'Content-Length: 3', '', 'abc')
      expect(response.status).toBe(200)
      expect(upstream.seen[0]).toMatchObject({ body: 'abc' })
    })

    test('a body is no longer replayable once a byte has left', async () => {
      let seen: Exchange | undefined
      const upstream = await bench.rawUpstream((socket) =>
        socket.on('data', (data) => String(data).endsWith('abc') && socket.destroy()),
      )
      const { port } = await bench.proxy(upstream.endpoint, (exchange) => {
        seen = exchange
        return {}
      })
      const response = await bench.request(port, 'POST / HTTP/1.1', 'Host: a', 'Content-Length: 3', '', 'abc')
      expect(response.body).toBe('upstream-reset')
      expect(bench.outcomes[0]?.error?.retrySafe).toBe(false)
      expect(seen?.body.replayable).toBe(false)
    })

    test.each([
      ['bytes that are no response', 'nonsense\r\n\r\n', 'upstream-bad-response'],
      [
        'a head beyond the limit',
        `HTTP/1.1 200 OK\r\nX-Big: ${'a'.repeat(9_000)}\r\nContent-Length: 0\r\n\r\n`,
        'upstream-head-too-large',
      ],
    ])('%s: %#', async (_, bytes, code) => {
      const upstream = await bench.rawUpstream((socket) => socket.once('data', () => socket.write(bytes)))
      const { port } = await bench.proxy(upstream.endpoint)
      expect((await bench.request(port, 'GET / HTTP/1.1', 'Host: a')).body).toBe(code)
    })

    test('an upstream that closes before its head is upstream-reset', async () => {
      const upstream = await bench.rawUpstream((socket) => socket.once('data', () => socket.end()))
      const { port } = await bench.proxy(upstream.endpoint)
      expect((await bench.request(port, 'GET / HTTP/1.1', 'Host: a')).body).toBe('upstream-reset')
      expect(bench.outcomes[0]?.error).toMatchObject({ retrySafe: false })
    })

    test('an upstream that says nothing is upstream-read-timeout', async () => {
      const upstream = await bench.rawUpstream(() => undefined)
      const { port } = await bench.proxy(upstream.endpoint, () => ({
        timeouts: { ...TEST_TIMEOUTS, readMs: 50 },
      }))
      expect((await bench.request(port, 'GET / HTTP/1.1', 'Host: a')).body).toBe('upstream-read-timeout')
    })

    test('a client that stops in the middle of its body is client-body-timeout', async () => {
      const upstream = await bench.upstream()
      const limits = {
        headTimeoutMs: 10_000,
        bodyIdleTimeoutMs: 50,
        keepAliveTimeoutMs: 60_000,
        maxHeadBytes: 16_384,
        maxHeaderCount: 100,
        maxRequestsPerConnection: 100,
        maxConnections: 100,
      }
      const { port } = await bench.proxy(upstream.endpoint, () => ({}), { limits })
      const client = await bench.connect({ port })
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
      expect((await client.readResponse()).body).toBe('client-body-timeout')
      expect(upstream.seen).toEqual([])
    })

    test('a response that breaks off reaches the client as a broken connection, never as a whole', async () => {
      const upstream = await bench.rawUpstream((socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', () =>
            socket.destroy(),
          )
        })
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      expect(await client.readToEnd()).not.toContain('\r\n0\r\n')
      await until('the outcome is known', () => bench.outcomes.length === 1)
      expect(bench.outcomes[0]?.result).toMatchObject({ status: 200, complete: false })
    })

    test('a client that leaves aborts the signal and the upstream request', async () => {
      let exchange: Exchange | undefined
      let upstreamClosed = false
      const upstream = await bench.rawUpstream((socket) => {
        socket.resume()
        socket.once('close', () => (upstreamClosed = true))
      })
      const { port } = await bench.proxy(upstream.endpoint, (x) => {
        exchange = x
        return {}
      })
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await until('the request was seen', () => exchange !== undefined && upstream.connections() === 1)
      const { signal } = exchange!
      expect(signal.aborted).toBe(false)
      client.close()
      await until('the upstream request was aborted', () => upstreamClosed && signal.aborted)
      await until('the outcome is known', () => bench.outcomes.length === 1)
      expect(bench.outcomes[0]?.error).toMatchObject({ code: 'client-gone', blame: 'client' })
    })

    test('a client that leaves during the response gives an incomplete result', async () => {
      const upstream = await bench.upstream((_, response) => void response.write('first'))
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await client.readUntil((bytes) => bytes.includes('first'))
      client.close()
      await until('the outcome is known', () => bench.outcomes.length === 1)
      expect(bench.outcomes[0]?.result).toMatchObject({ complete: false, bodyBytes: 5 })
    })

    test('an idle connection that the upstream closed is not used again', async () => {
      const upstream = await bench.rawUpstream((socket) => {
        socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
      })
      const { port } = await bench.proxy(upstream.endpoint)
      for (let i = 0; i < 5; i++) {
        const response = await bench.request(port, 'GET / HTTP/1.1', 'Host: a')
        // The close may race with the next request; then it is a reset that a retry policy would mend.
        expect(['ok', 'upstream-reset']).toContain(response.body)
      }
    })

    test('connections to an upstream are used again', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      for (let i = 0; i < 5; i++) await bench.request(port, 'GET / HTTP/1.1', 'Host: a')
      expect(upstream.seen).toHaveLength(5)
      expect(upstream.connections()).toBe(1)
    })

    test('prune closes idle connections to endpoints that are gone', async () => {
      let closed = false
      const upstream = await bench.rawUpstream((socket) => {
        socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
        socket.once('close', () => (closed = true))
      })
      const { port } = await bench.proxy(upstream.endpoint)
      await bench.request(port, 'GET / HTTP/1.1', 'Host: a')
      bench.engine.prune((_, candidate) => candidate !== upstream.port)
      await until('the connection was closed', () => closed)
    })
  })
}
