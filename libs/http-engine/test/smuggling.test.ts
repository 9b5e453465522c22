import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fuzz } from '@postern/testing'
import fc from 'fast-check'
import type { Socket } from 'node:net'
import { referenceChunked, referenceRequest } from '../src/head/reference-parser.fixture.ts'
import { exchangeBytes, Proxy, ScriptedUpstream } from './proxy-bench.ts'

interface Seen {
  readonly line: string
  readonly body: string
}

/** An upstream that trusts nobody: it reads what it gets with the slow reference parser, and answers each request it finds. */
function recordingUpstream(seen: Seen[], illegal: string[]): ScriptedUpstream {
  return new ScriptedUpstream((socket) => {
    let pending = ''
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1')
      pending = readRequests(socket, pending, seen, illegal)
    })
  })
}

function readRequests(socket: Socket, bytes: string, seen: Seen[], illegal: string[]): string {
  let rest = bytes
  while (rest.includes('\r\n\r\n')) {
    const head = referenceRequest(rest)
    if (head === 'refused') {
      illegal.push(rest)
      socket.destroy()
      return ''
    }
    const after = rest.slice(head.headBytes)
    const body = readBody(head.fields, after)
    if (body === 'refused') illegal.push(rest)
    if (typeof body === 'string') return rest
    seen.push({ line: `${head.method} ${head.target}`, body: body.data })
    rest = after.slice(body.bytes)
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  }
  return rest
}

function readBody(fields: readonly (readonly [string, string])[], bytes: string) {
  const value = (name: string) => fields.find(([n]) => n.toLowerCase() === name)?.[1]
  if (value('transfer-encoding') !== undefined) return referenceChunked(bytes)
  const length = Number(value('content-length') ?? 0)
  return bytes.length < length ? 'incomplete' : { data: bytes.slice(0, length), bytes: length }
}

describe.each(['onread', 'documented'] as const)('what an upstream sees (%s)', (transport) => {
  const seen: Seen[] = []
  const illegal: string[] = []
  const upstream = recordingUpstream(seen, illegal)
  let proxy: Proxy
  let port = 0
  beforeAll(async () => {
    proxy = new Proxy(await upstream.listen(), { engine: { transport } })
    port = await proxy.listen()
  })
  afterAll(async () => {
    await proxy.close()
    upstream.close()
  })

  /** The statuses that came back and the requests that went through. */
  async function run(pieces: readonly string[]): Promise<{ statuses: string[]; seen: Seen[] }> {
    seen.length = 0
    // Often enough that a length which a mutation made larger swallows some of them and still meets an end.
    const end = 'GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'.repeat(40)
    const answer = await exchangeBytes(port, [...pieces, end])
    return { statuses: answer.match(/HTTP\/1\.1 \d{3}/g) ?? [], seen: [...seen] }
  }

  test.each([
    [
      'CL.TE',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG',
    ],
    [
      'TE.CL',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n',
    ],
    [
      'TE.TE with a tab',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n',
    ],
    [
      'a folded Transfer-Encoding',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a bare LF that hides a field',
      'POST / HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'Content-Length with underscore twin',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent_Length: 0\r\n\r\nGET',
    ],
    [
      'a chunk size that wraps',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000000000000000005\r\nhello\r\n0\r\n\r\n',
    ],
    [
      'a bare LF in an extension',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;\nxx\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    [
      'a hidden request in a GET body',
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 41\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n...',
    ],
    [
      'Connection that names Content-Length',
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: content-length\r\nContent-Length: 33\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
    [
      'Upgrade: h2c',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n',
    ],
  ])('%s gets no request through that was not served', async (_, bytes) => {
    const before = proxy.served
    const result = await run([bytes])
    expect(illegal).toEqual([])
    expect(result.seen.length).toBeLessThanOrEqual(proxy.served - before)
    expect(result.seen.map(({ line }) => line)).not.toContain('GET /smuggled')
  })

  const piece = fc.oneof(
    fc.constantFrom(
      'GET /a HTTP/1.1\r\nHost: a\r\n\r\n',
      'POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
      'POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nX-T: 1\r\n\r\n',
      'PUT /d HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
      'POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HEAD /f HTTP/1.1\r\nHost: a\r\nConnection: x-y, keep-alive\r\nX-Y: 1\r\n\r\n',
    ),
  )
  const stream = fc
    .tuple(
      fc.array(piece, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', '\0', ' ', ':', '0', '\r\n', 'f', ';', '')), {
        maxLength: 1,
      }),
    )
    .map(([pieces, mutations]) => {
      let text = pieces.join('')
      for (const [where, what] of mutations) {
        const at = where % (text.length + 1)
        text = text.slice(0, at) + what + text.slice(what === '' ? at + 1 : at)
      }
      return text
    })

  test('random streams: every split reads alike, and the upstream never sees more than was served', async () => {
    await fuzz(
      `streams through the engine (${transport}), what the upstream sees`,
      fc.asyncProperty(stream, fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), async (text, cuts) => {
        const before = proxy.served
        const whole = await run([text])
        expect(illegal).toEqual([])
        expect(whole.seen.length).toBeLessThanOrEqual(proxy.served - before)
        const ends = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
        const pieces = ends.slice(1).map((end, at) => text.slice(ends[at], end))
        const split = await run(pieces.filter((part) => part !== ''))
        expect(split).toEqual(whole)
      }),
      150,
    )
  })
})
