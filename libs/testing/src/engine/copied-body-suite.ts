import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '@postern/exchange'
import type { Endpoint } from '@postern/routing-table'
import { requestTo, type EngineBench } from './bench.ts'

// More than any read or buffer holds.
const LONG = Array.from({ length: 30_000 }, (_, i) => String(i).padStart(10, '.')).join('')

/** Bodies that are kept as they pass, and bodies of our own. */
export function copiedBodySuite(bench: EngineBench): void {
  describe('copies of bodies', () => {
    const asText = (bytes: Uint8Array | undefined): string | undefined =>
      bytes && Buffer.from(bytes).toString('latin1')

    /** Proxies, and tells the copy of the one request. */
    async function copying(endpoint: Endpoint, maxBytes: number) {
      const { promise: asked, resolve } = Promise.withResolvers<Exchange>()
      const copies: Promise<Uint8Array | undefined>[] = []
      const { port } = await bench.proxy(endpoint, (exchange) => {
        copies.push(exchange.copyBody(maxBytes))
        resolve(exchange)
        return {}
      })
      return { port, asked, copy: () => Promise.all(copies).then(([first]) => asText(first)) }
    }

    test.each([
      ['a body that comes with its head', 'Content-Length: 5\r\n\r\nhello', 'hello'],
      ['a long one', `Content-Length: ${String(LONG.length)}\r\n\r\n${LONG}`, LONG],
      ['chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nd\xff\r\n0\r\n\r\n', 'abcd\xff'],
      ['none', '\r\n', ''],
    ])('%s: the upstream gets all of it, and so does the copy', async (_, rest, body) => {
      const upstream = await bench.upstream((request, response) => response.end(String(request.body.length)))
      const { port, copy } = await copying(upstream.endpoint, LONG.length)
      const client = await bench.connect({ port })
      client.write(`POST / HTTP/1.1\r\nHost: a\r\n${rest}`)
      expect((await client.readResponse()).status).toBe(200)
      expect((await copy()) === body).toBe(true)
      expect(upstream.seen).toHaveLength(1)
    })
    test('a body beyond the bound passes whole and is not kept', async () => {
      const upstream = await bench.upstream()
      const { port, copy } = await copying(upstream.endpoint, LONG.length - 1)
      const length = `Content-Length: ${String(LONG.length)}`
      expect((await bench.request(port, 'POST / HTTP/1.1', 'Host: a', length, '', LONG)).status).toBe(200)
      expect(await copy()).toBeUndefined()
      expect(upstream.seen[0]?.body).toHaveLength(LONG.length)
    })
    test('a client that leaves in the middle leaves no copy', async () => {
      const upstream = await bench.upstream()
      const { port, asked, copy } = await copying(upstream.endpoint, 1_000)
      const client = await bench.connect({ port })
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
      await asked
      client.close()
      expect(await copy()).toBeUndefined()
    })
    test('a body that nobody sends on is copied as it is drained', async () => {
      const copy = Promise.withResolvers<Uint8Array | undefined>()
      const { port } = await bench.listen(async (exchange) => {
        copy.resolve(exchange.copyBody(1_000))
        await bench.engine.reply(exchange, { status: 200, headers: [], body: '' })
      })
      const client = await bench.connect({ port })
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
      client.write('world')
      expect((await client.readResponse()).status).toBe(200)
      expect(asText(await copy.promise)).toBe('helloworld')
    })
    test('a body that waits for a 100 in vain leaves no copy', async () => {
      const copy = Promise.withResolvers<Uint8Array | undefined>()
      const { port } = await bench.listen(async (exchange) => {
        copy.resolve(exchange.copyBody(1_000))
        await bench.engine.reply(exchange, { status: 401, headers: [], body: '' })
      })
      const client = await bench.connect({ port })
      client.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n')
      expect((await client.readResponse()).status).toBe(401)
      expect(await copy.promise).toBeUndefined()
    })
    test('bytes of our own are a body, beside the client’s', async () => {
      const upstream = await bench.upstream()
      const own = (exchange: Exchange) => ({
        ...requestTo(upstream.endpoint, exchange),
        ...{
          method: 'PUT',
          target: '/own',
          body: Buffer.from('o\xffn', 'latin1'),
          ownHeaders: [['X-Own', '1']] as const,
        },
      })
      const { port } = await bench.listen(async (exchange) => {
        const mine = await bench.engine.send(exchange, own(exchange))
        mine.discard()
        expect(exchange.body.replayable).toBe(true)
        await bench.engine.relay(
          exchange,
          await bench.engine.send(exchange, requestTo(upstream.endpoint, exchange)),
        )
      })
      const response = await bench.request(
        port,
        'POST / HTTP/1.1',
        'Host: a',
        'Content-Length: 5',
        '',
        'hello',
      )
      expect(response.status).toBe(200)
      expect(upstream.seen).toMatchObject([
        { method: 'PUT', target: '/own', body: expect.stringMatching(/^o.+n$/) },
        { method: 'POST', target: '/', body: 'hello' },
      ])
      expect(upstream.seen[0]?.headers).toContainEqual(['content-length', '3'])
    })
  })
}
