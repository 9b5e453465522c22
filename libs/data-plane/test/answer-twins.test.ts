import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Engine } from '@postern/exchange'
import { createHttpEngine } from '@postern/http-engine'
import { createNodeEngine } from '@postern/node-engine'
import {
  backendAt,
  hostWith,
  RawClient,
  routeTo,
  startRawUpstream,
  tableOf,
  TEST_LIMITS,
  TEST_POLICY,
  until,
  type Upstream,
} from '@postern/testing'
import { createDataPlane, type AccessEntry } from '../src/index.ts'

// What an upstream may answer, byte by byte. `|` stands where the connection closes.
const ANSWERS: readonly (readonly [what: string, bytes: string])[] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['no length, until the end', 'HTTP/1.1 200 OK\r\n\r\nuntil the end|'],
  ['HTTP/1.0, until the end', 'HTTP/1.0 200 OK\r\n\r\nold|'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
  [
    'chunks with extensions and upper-case sizes',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n',
  ],
  ['no reason phrase', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok'],
  ['a status of its own', 'HTTP/1.1 299 Mine\r\nContent-Length: 2\r\n\r\nok'],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: "a"\r\n\r\n'],
  [
    'an early hint before',
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  ],
  [
    'folded nothing, empty values',
    'HTTP/1.1 200 OK\r\nX-Empty:\r\nX-Two: a\r\nX-Two: b\r\nContent-Length: 2\r\n\r\nok',
  ],
  ['bytes beyond ASCII in a value', 'HTTP/1.1 200 OK\r\nX-Latin: caf\u00e9\r\nContent-Length: 2\r\n\r\nok'],
  ['less than its length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort|'],
  ['chunks that break off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n|'],
  [
    'a size that is no number',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n|',
  ],
  ['no bytes at all', '|'],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le|'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n|'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\nok|'],
  ['two lengths that differ', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok|'],
  [
    'a length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n|',
  ],
  [
    'a head that is too large',
    `HTTP/1.1 200 OK\r\nX-Big: ${'a'.repeat(9_000)}\r\nContent-Length: 2\r\n\r\nok|`,
  ],
]

interface Side {
  readonly port: number
  readonly log: AccessEntry[]
  stop(): Promise<void>
}

async function makeSide(engine: Engine, upstream: Upstream): Promise<Side> {
  const log: AccessEntry[] = []
  const dataPlane = createDataPlane({ engine, logAccess: (entry) => log.push(entry) })
  const policy = { retry: { ...TEST_POLICY.retry, tries: 1 } }
  dataPlane.replaceTable(
    tableOf({
      hosts: [hostWith('shop.example', [routeTo('test/shop/80', { policy })])],
      backends: [backendAt('test/shop/80', [upstream.endpoint])],
    }),
  )
  const listener = await engine.listen({ host: '127.0.0.1', port: 0, limits: TEST_LIMITS }, dataPlane.serve)
  const stop = async (): Promise<void> => {
    listener.destroy()
    await listener.stop()
    await engine.close()
  }
  return { port: listener.port, log, stop }
}

let upstream: Upstream
let own: Side
let first: Side
beforeAll(async () => {
  upstream = await startRawUpstream((socket) => {
    socket.on('data', (data) => {
      const bytes = ANSWERS[Number(/^GET \/(\d+)/.exec(data.toString('latin1'))?.[1])]?.[1] ?? ''
      if (bytes.endsWith('|')) socket.end(bytes.slice(0, -1), 'latin1')
      else socket.write(bytes, 'latin1')
    })
  })
  own = await makeSide(createHttpEngine(), upstream)
  first = await makeSide(createNodeEngine(), upstream)
})
afterAll(async () => {
  await own.stop()
  await first.stop()
  await upstream.close()
})

test.each(ANSWERS.map(([what], index) => [what, index] as const))(
  'both engines take %s in the same way',
  async (_, index) => {
    expect(await observe(own, index)).toEqual(await observe(first, index))
  },
)

async function observe({ port, log }: Side, index: number): Promise<object> {
  const client = await RawClient.open({ port })
  client.write(
    `GET /${String(index)} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\nAccept: application/json\r\n\r\n`,
  )
  const response = await client.readResponse().catch(() => undefined)
  await client.readToEnd()
  const entry = await until('the exchange is logged', () =>
    log.find(({ path }) => path === `/${String(index)}`),
  )
  const headers = response?.headers
    .filter(([name]) => /^(x-|etag|content-length)/i.test(name))
    .map((line) => line.join(': '))
    .toSorted()
  const isOurs = (response?.status ?? 0) >= 500
  return {
    status: response?.status ?? 'broken off',
    ...(!isOurs && { headers, body: response?.body }),
    logged: [entry.status, entry.complete, entry.reason?.split(':')[0]],
  }
}
