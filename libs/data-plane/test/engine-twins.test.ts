import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Engine } from '@postern/exchange'
import { createHttpEngine } from '@postern/http-engine'
import { createNodeEngine } from '@postern/node-engine'
import {
  backendAt,
  fuzz,
  hostWith,
  rawRequest,
  routeTo,
  startUpstream,
  tableOf,
  TEST_LIMITS,
  type RawResponse,
  type SeenRequest,
  type Upstream,
} from '@postern/testing'
import { createDataPlane } from '../src/index.ts'

// The first engine is the twin of our own: the same bytes from a client have to mean the same to both.

/** One engine with a data plane and an upstream of its own. */
interface Side {
  readonly engine: Engine
  readonly upstream: Upstream
  readonly port: number
  stop(): Promise<void>
}

async function makeSide(engine: Engine): Promise<Side> {
  const upstream = await startUpstream('echo', {
    respond: (request, response) => {
      response.writeHead(request.target.includes('missing') ? 404 : 200, [
        'X-Echo',
        request.method,
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
      ])
      response.end(request.body)
    },
  })
  const dataPlane = createDataPlane({ engine })
  dataPlane.replaceTable(
    tableOf({
      hosts: [
        hostWith('shop.example', [
          routeTo('test/shop/80', { filters: [{ kind: 'body-limit', maxBytes: 64 }] }),
        ]),
      ],
      backends: [backendAt('test/shop/80', [upstream.endpoint])],
    }),
  )
  const listener = await engine.listen({ host: '127.0.0.1', port: 0, limits: TEST_LIMITS }, dataPlane.serve)
  const stop = async (): Promise<void> => {
    listener.destroy()
    await listener.stop()
    await engine.close()
    await upstream.close()
  }
  return { engine, upstream, port: listener.port, stop }
}

let sides: readonly Side[]
beforeAll(async () => {
  sides = [await makeSide(createHttpEngine()), await makeSide(createNodeEngine())]
})
afterAll(async () => {
  for (const side of sides) await side.stop()
})

const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PURGE')
const segment = fc.constantFrom(
  'a',
  'b',
  '..',
  '.',
  '',
  '%61',
  'a%2Fb',
  '%zz',
  '%00',
  'x;y=1',
  'missing',
  '\\',
  'caf%C3%A9',
)
const target = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom('', '?', '?a=b', '?%2F..&x=//'))
  .map(([segments, query]) => `/${segments.join('/')}${query}`)
const host = fc.constantFrom('shop.example', 'SHOP.example:8080', 'shop.example.', 'other.example', 'a b', '')
const header = fc.constantFrom(
  'X-A: 1',
  'x-a: 2',
  'X-B:',
  'X-Spaced:   padded  ',
  'Cookie: a=1',
  'Cookie: b=2',
  'Connection: x-a, close',
  'Connection: keep-alive',
  'Keep-Alive: timeout=5',
  'TE: trailers',
  'Upgrade: h2c',
  'X_Under: 1',
  'X-Forwarded-For: 6.6.6.6',
  'Proxy: evil',
  'Accept: application/json',
  'X-Request-ID: fixed',
  'X-Latin: caf\u00e9',
)
const body = fc.oneof(
  fc.constant({ lines: [] as string[], bytes: '' }),
  fc
    .integer({ min: 0, max: 80 })
    .map((length) => ({ lines: [`Content-Length: ${String(length)}`], bytes: 'x'.repeat(length) })),
  fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 }).map((sizes) => ({
    lines: ['Transfer-Encoding: chunked'],
    bytes: `${sizes.map((size) => `${size.toString(16)}\r\n${'y'.repeat(size)}\r\n`).join('')}0\r\n\r\n`,
  })),
)

test('both engines read, forward and answer the same request in the same way', async () => {
  await fuzz(
    'both engines on the same request',
    fc.asyncProperty(
      method,
      target,
      host,
      fc.array(header, { maxLength: 6 }),
      body,
      async (verb, path, name, headers, { lines, bytes }) => {
        const request = `${[`${verb} ${path} HTTP/1.1`, `Host: ${name}`, ...headers, ...lines].join('\r\n')}\r\n\r\n${bytes}`
        const [own, first] = await Promise.all(sides.map((side) => observe(side, request)))
        expect({ request, ...own }).toEqual({ request, ...first })
      },
    ),
    300,
  )
})

async function observe({ port, upstream }: Side, request: string): Promise<object> {
  upstream.seen.length = 0
  const response = await rawRequest({ port }, request)
  return { response: comparable(response), seen: upstream.seen.map(comparableRequest) }
}

// What a connection says about itself may differ; a page of the gateway's own carries a random request id.
const OWN_BUSINESS = new Set(['date', 'connection', 'keep-alive'])

function comparable({ status, headers, body: content }: RawResponse): object {
  const lines = headers
    .filter(([name]) => !OWN_BUSINESS.has(name.toLowerCase()))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
  // Refusals before there is an exchange are each engine's own words.
  if (status === 400) return { status }
  const isOurs = lines.some((line) => line.includes('problem+json') || line.includes('text/html'))
  return isOurs
    ? { status, type: lines.find((line) => line.startsWith('content-type')) }
    : { status, lines: lines.toSorted(), content }
}

// Our own engine passes `TE: trailers` on (RFC 9110 §10.1.4 allows it), the first one never does; an empty chunked body
// may be framed either way.
function comparableRequest({ method: verb, target: path, headers, body: content }: SeenRequest): object {
  const ignored = new Set(['connection', 'te', 'transfer-encoding', 'x-request-id', 'x-forwarded-port'])
  return {
    verb,
    path,
    content,
    headers: headers
      .filter(([name]) => !ignored.has(name))
      .map((line) => line.join(': '))
      .filter((line) => line !== 'content-length: 0')
      .toSorted(),
  }
}
