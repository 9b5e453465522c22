import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '@postern/exchange'
import { headerValues } from '../upstream.ts'
import type { EngineBench } from './bench.ts'

/** Request and response heads: what an exchange shows, what travels on, what is refused. */
export function headSuite(bench: EngineBench): void {
  describe('heads', () => {
    test('an exchange shows method, target, path, host, headers and connection as received', async () => {
      let seen: Exchange | undefined
      const { port } = await bench.listen(async (exchange) => {
        seen = exchange
        await bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
      })
      await bench.request(
        port,
        'GET /a/%62?c=d HTTP/1.1',
        'Host: Shop.Example:8080',
        'X-One: 1',
        'x-one: 2',
        'Cookie: a=1',
        'Cookie: b=2',
      )
      expect(seen).toMatchObject({
        method: 'GET',
        target: '/a/%62?c=d',
        host: 'shop.example',
        authority: 'Shop.Example:8080',
        httpVersion: '1.1',
        upgrade: undefined,
      })
      expect(seen?.path).toMatchObject({ normalized: '/a/b', forwarded: '/a/%62', query: '?c=d' })
      expect(seen?.headers.get('X-ONE')).toBe('1, 2')
      expect(seen?.headers.get('cookie')).toBe('a=1; b=2')
      expect(seen?.headers.has('x-two')).toBe(false)
      expect(seen?.connection).toMatchObject({ scheme: 'http', remoteAddress: '127.0.0.1', localPort: port })
      expect(seen?.body).toMatchObject({ length: 0, replayable: true })
    })

    test('every end-to-end line travels upstream, in order, none lost and none doubled', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      await bench.request(
        port,
        'GET / HTTP/1.1',
        'Host: a.example',
        'X-A: 1',
        'X-B: 2',
        'x-a: 3',
        'X-Empty:',
        'X-Latin: caf\u00e9',
        'Accept: */*',
      )
      const lines = upstream.seen[0]?.headers.filter(
        ([name]) => name.startsWith('x-') || name === 'accept' || name === 'host',
      )
      expect(lines).toEqual([
        ['host', 'a.example'],
        ['x-a', '1'],
        ['x-b', '2'],
        ['x-a', '3'],
        ['x-empty', ''],
        ['x-latin', 'caf\u00e9'],
        ['accept', '*/*'],
      ])
    })

    test('hop-by-hop fields and those that Connection names stay here (RFC 9110 §7.6.1)', async () => {
      const upstream = await bench.upstream((_, response) => {
        response.writeHead(200, [
          'Connection',
          'X-Hop',
          'X-Hop',
          '1',
          'Keep-Alive',
          'timeout=9',
          'Proxy-Connection',
          'x',
          'X-End',
          '2',
          'Content-Length',
          '2',
        ])
        response.end('ok')
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const response = await bench.request(
        port,
        'GET / HTTP/1.1',
        'Host: a.example',
        'Connection: x-secret, keep-alive',
        'X-Secret: 1',
        'Proxy-Connection: x',
        'TE: gzip',
        'Keep-Alive: 5',
        'X-Kept: 1',
      )
      const seen = upstream.seen[0]!
      for (const name of ['x-secret', 'proxy-connection', 'te']) expect(headerValues(seen, name)).toEqual([])
      expect(headerValues(seen, 'x-kept')).toEqual(['1'])
      expect(response.values('x-hop')).toEqual([])
      expect(response.values('proxy-connection')).toEqual([])
      expect(response.values('x-end')).toEqual(['2'])
    })

    test('Connection cannot name away Host or Content-Length', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      await bench.request(
        port,
        'POST / HTTP/1.1',
        'Host: a.example',
        'Connection: content-length, host',
        'Content-Length: 0',
      )
      expect(headerValues(upstream.seen[0]!, 'host')).toEqual(['a.example'])
    })

    test('request edits: set replaces every line, add is one more, remove takes all away', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint, (exchange) => {
        exchange.requestEdits.set('X-A', 'new')
        exchange.requestEdits.add('X-A', 'more')
        exchange.requestEdits.remove('x-b')
        return { host: 'other.example', target: '/rewritten?q=1' }
      })
      await bench.request(port, 'GET /old HTTP/1.1', 'Host: a.example', 'X-A: 1', 'X-A: 2', 'X-B: 3')
      const seen = upstream.seen[0]!
      expect(seen.target).toBe('/rewritten?q=1')
      expect(headerValues(seen, 'host')).toEqual(['other.example'])
      expect(headerValues(seen, 'x-a')).toEqual(['new', 'more'])
      expect(headerValues(seen, 'x-b')).toEqual([])
    })

    test('response lines keep order, case and number, and take the edits', async () => {
      const upstream = await bench.upstream((_, response) => {
        response.writeHead(201, [
          'X-One',
          'a',
          'Set-Cookie',
          'a=1',
          'Set-Cookie',
          'b=2',
          'Server',
          'secret',
          'Content-Length',
          '2',
        ])
        response.end('ok')
      })
      const { port } = await bench.proxy(upstream.endpoint, (exchange) => {
        exchange.responseEdits.remove('server')
        exchange.responseEdits.add('Set-Cookie', 'c=3')
        return {}
      })
      const response = await bench.request(port, 'GET / HTTP/1.1', 'Host: a.example')
      expect(response).toMatchObject({ status: 201, body: 'ok' })
      expect(response.values('set-cookie')).toEqual(['a=1', 'b=2', 'c=3'])
      expect(response.headers[0]).toEqual(['X-One', 'a'])
      expect(response.values('server')).toEqual([])
      expect(response.values('date')).toHaveLength(1)
    })

    test('a subrequest sends its own headers and neither the client’s nor the edits', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint, (exchange) => {
        exchange.requestEdits.set('X-Edit', '1')
        return { method: 'GET', target: '/auth', body: 'none', ownHeaders: [['X-Own', '1']] }
      })
      await bench.request(port, 'POST /a HTTP/1.1', 'Host: a.example', 'X-Client: 1', 'Content-Length: 0')
      const seen = upstream.seen[0]!
      expect(seen).toMatchObject({ method: 'GET', target: '/auth', body: '' })
      expect(headerValues(seen, 'x-own')).toEqual(['1'])
      expect(headerValues(seen, 'x-client')).toEqual([])
      expect(headerValues(seen, 'x-edit')).toEqual([])
    })

    test('absolute-form: path and authority come from the target (RFC 9112 §3.2.2)', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      await bench.request(port, 'GET http://b.example:81/x?y HTTP/1.1', 'Host: b.example:81')
      expect(upstream.seen[0]).toMatchObject({ target: '/x?y' })
      expect(headerValues(upstream.seen[0]!, 'host')).toEqual(['b.example:81'])
    })

    test.each([
      ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
      ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n'],
      ['an illegal Host', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
      ['a path above the root', 'GET /../x HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['a NUL in the path', 'GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n'],
      ['a header without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n'],
      ['a space before the colon', 'GET / HTTP/1.1\r\nHost: a\r\nX-A : 1\r\n\r\n'],
      [
        'Content-Length beside Transfer-Encoding',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      [
        'two Content-Lengths',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      ],
      ['a signed Content-Length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc'],
      [
        'a Transfer-Encoding that does not end in chunked',
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
      ],
      ['no HTTP at all', '\u0016\u0003\u0001\u0000\r\n\r\n'],
    ])('%s is a 400 and never reaches an upstream', async (_, bytes) => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write(bytes)
      expect((await client.readResponse()).status).toBe(400)
      await client.readToEnd()
      expect(upstream.seen).toEqual([])
    })

    test.each([
      ['a head beyond maxHeadBytes', `X-Big: ${'a'.repeat(20_000)}`],
      [
        'more lines than maxHeaderCount',
        Array.from({ length: 120 }, (_, i) => `X-${String(i)}: 1`).join('\r\n'),
      ],
    ])('%s is a 431', async (_, lines) => {
      const { port } = await bench.listen(
        (exchange) => void bench.engine.reply(exchange, { status: 200, headers: [], body: '' }),
      )
      expect((await bench.request(port, 'GET / HTTP/1.1', 'Host: a', lines)).status).toBe(431)
    })
  })
}
