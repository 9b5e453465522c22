import { describe, expect, test } from '@jest/globals'
import { until } from '../until.ts'
import { headerValues } from '../upstream.ts'
import type { EngineBench } from './bench.ts'

const BIG = 'x'.repeat(1_000_000)

/** Bodies in both directions: framing, limits, backpressure, 100-continue. */
export function bodySuite(bench: EngineBench): void {
  describe('bodies', () => {
    test('a body with a length arrives with that length', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      await bench.request(port, 'POST / HTTP/1.1', 'Host: a', 'Content-Length: 5', '', 'hello')
      expect(upstream.seen[0]).toMatchObject({ method: 'POST', body: 'hello' })
      expect(headerValues(upstream.seen[0]!, 'content-length')).toEqual(['5'])
      expect(headerValues(upstream.seen[0]!, 'transfer-encoding')).toEqual([])
    })

    test('a chunked body arrives whole', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n')
      client.write('2\r\nde\r\n0\r\n\r\n')
      expect((await client.readResponse()).status).toBe(200)
      expect(upstream.seen[0]).toMatchObject({ body: 'abcde' })
    })

    test('a GET with a body arrives as one request, not two', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      await bench.request(port, 'GET / HTTP/1.1', 'Host: a', 'Content-Length: 5', '', 'hello')
      expect(upstream.seen).toHaveLength(1)
      expect(upstream.seen[0]).toMatchObject({ body: 'hello' })
    })

    test('a megabyte goes up and comes back byte by byte', async () => {
      const upstream = await bench.upstream((request, response) => response.end(request.body))
      const { port } = await bench.proxy(upstream.endpoint)
      const response = await bench.request(
        port,
        'POST / HTTP/1.1',
        'Host: a',
        `Content-Length: ${String(BIG.length)}`,
        '',
        BIG,
      )
      expect(response.body === BIG).toBe(true)
      expect(bench.outcomes[0]?.result).toEqual({ status: 200, bodyBytes: BIG.length, complete: true })
    })

    test('a slow reader holds the upstream back and still gets everything', async () => {
      const upstream = await bench.upstream((_, response) => response.end(BIG + BIG + BIG))
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.socket.pause()
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await until('the upstream was asked', () => upstream.seen.length === 1)
      client.socket.resume()
      expect((await client.readResponse()).body).toHaveLength(3 * BIG.length)
    })

    test('a response without length is chunked for 1.1 and ends with the connection for 1.0', async () => {
      const upstream = await bench.upstream((_, response) => {
        response.write('one')
        response.end('two')
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const modern = await bench.request(port, 'GET / HTTP/1.1', 'Host: a')
      expect(modern).toMatchObject({ status: 200, body: 'onetwo' })
      expect(modern.values('transfer-encoding')).toEqual(['chunked'])
      const old = await bench.request(port, 'GET / HTTP/1.0', 'Host: a')
      expect(old).toMatchObject({ status: 200, body: 'onetwo' })
      expect(old.values('transfer-encoding')).toEqual([])
    })

    test('a response that ends with the upstream’s connection arrives whole', async () => {
      const upstream = await bench.rawUpstream((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end'))
      })
      const { port } = await bench.proxy(upstream.endpoint)
      expect(await bench.request(port, 'GET / HTTP/1.1', 'Host: a')).toMatchObject({
        status: 200,
        body: 'until the end',
      })
    })

    test.each([
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ])('%s with %i has no body and the connection goes on', async (method, status) => {
      const upstream = await bench.upstream((_, response) => {
        response.writeHead(status, status === 204 ? {} : { 'Content-Length': '7' })
        response.end()
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      for (const _ of [1, 2]) {
        client.write(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`)
        const response = await client.readResponse(method)
        expect(response).toMatchObject({ status, body: '' })
        if (status !== 204) expect(response.values('content-length')).toEqual(['7'])
      }
      expect(upstream.seen).toHaveLength(2)
    })

    test('a reply to HEAD announces the length and sends no body', async () => {
      const { port } = await bench.listen(
        (exchange) =>
          void bench.engine.reply(exchange, { status: 404, headers: [['X-A', '1']], body: 'four' }),
      )
      const client = await bench.connect({ port })
      client.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n')
      const head = await client.readResponse('HEAD')
      expect(head.values('content-length')).toEqual(['4'])
      expect(await client.readResponse()).toMatchObject({ status: 404, body: 'four' })
    })

    test('pipelined requests are answered in order', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write(
        'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n',
      )
      for (const path of ['/1', '/2', '/3'])
        expect((await client.readResponse()).body).toBe(`upstream ${path}`)
    })

    test('100-continue: the client is told to go on once somebody reads', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n')
      expect((await client.readResponse()).status).toBe(100)
      client.write('abc')
      expect((await client.readResponse()).status).toBe(200)
      expect(upstream.seen[0]).toMatchObject({ body: 'abc' })
      expect(headerValues(upstream.seen[0]!, 'expect')).toEqual([])
    })

    test('100-continue: a reply from here comes without a 100', async () => {
      const { port } = await bench.listen(
        (exchange) => void bench.engine.reply(exchange, { status: 401, headers: [], body: 'no' }),
      )
      const client = await bench.connect({ port })
      client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n')
      expect((await client.readResponse()).status).toBe(401)
    })

    test('a reply while the client still sends reaches it', async () => {
      const { port } = await bench.listen(
        (exchange) => void bench.engine.reply(exchange, { status: 413, headers: [], body: 'too large' }),
      )
      const response = await bench.request(
        port,
        'POST / HTTP/1.1',
        'Host: a',
        `Content-Length: ${String(BIG.length)}`,
        '',
        BIG,
      )
      expect(response).toMatchObject({ status: 413, body: 'too large' })
    })

    test('limitBody: a chunked body that grows beyond it fails with body-too-large', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint, (exchange) => {
        exchange.limitBody(4)
        return {}
      })
      const client = await bench.connect({ port })
      client.write(
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n',
      )
      expect((await client.readResponse()).body).toBe('body-too-large')
      expect(upstream.seen).toEqual([])
    })

    test('text reads a body up to its limit, discard lets it go', async () => {
      const upstream = await bench.upstream((request, response) => {
        // The short rest of the last one never comes: nobody may wait for it.
        if (request.target === '/begun')
          response.writeHead(200, { 'Content-Length': 30_000 }).write('x'.repeat(20_000))
        else response.end(request.target === '/long' ? BIG : 'short')
      })
      const { port } = await bench.listen(async (exchange) => {
        const send = () =>
          bench.engine.send(exchange, {
            endpoint: upstream.endpoint,
            method: 'GET',
            target: exchange.target,
            host: 'a',
            body: 'none',
            ownHeaders: [],
            timeouts: { connectMs: 1_000, readMs: 10_000, sendMs: 10_000 },
            maxResponseHeadBytes: 4_096,
            pipelining: 1,
          })
        const first = await send()
        first.discard()
        const second = await send()
        const body = await second
          .text(1_000)
          .catch((error: unknown) => (error instanceof Error ? error.name : 'unknown'))
        await bench.engine.reply(exchange, { status: 200, headers: [], body })
      })
      expect((await bench.request(port, 'GET /short HTTP/1.1', 'Host: a')).body).toBe('short')
      for (const path of ['/long', '/begun'])
        expect((await bench.request(port, `GET ${path} HTTP/1.1`, 'Host: a')).body).toBe('GatewayError')
    })

    test('trailers of a chunked response arrive', async () => {
      const upstream = await bench.upstream((_, response) => {
        response.writeHead(200, { Trailer: 'X-Sum' })
        response.write('body')
        response.addTrailers({ 'X-Sum': '42' })
        response.end()
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n')
      expect(
        await client.readUntil((bytes) => bytes.endsWith('\r\n\r\n') && bytes.includes('0\r\n')),
      ).toContain('X-Sum: 42')
    })
  })
}
