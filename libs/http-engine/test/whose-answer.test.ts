import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fuzz } from '@postern/testing'
import fc from 'fast-check'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Proxy, ScriptedUpstream } from './proxy-bench.ts'

/** Answers that name their request, in every framing there is, whole and in pieces. */
const ANSWERS: Readonly<Record<string, (id: string) => readonly string[]>> = {
  small: (id) => [`HTTP/1.1 200 OK\r\nContent-Length: ${String(id.length)}\r\n\r\n${id}`],
  late: (id) => ['', `HTTP/1.1 200 OK\r\nContent-Length: ${String(id.length)}\r\n\r\n${id}`],
  pieces: (id) => [`HTTP/1.1 200 OK\r\nContent-Length: ${String(id.length)}\r\n\r\n`, id],
  chunked: (id) => [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    `${id.length.toString(16)}\r\n${id}\r\n`,
    '0\r\n\r\n',
  ],
  interim: (id) => [
    'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200',
    ` OK\r\nContent-Length: ${String(id.length)}\r\n\r\n${id}`,
  ],
  large: (id) => [`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n`, id.repeat(100_000 / id.length)],
  last: (id) => [`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${String(id.length)}\r\n\r\n${id}`],
  // What no upstream may send: a second answer behind the first. Where requests share a connection nobody can tell.
  twice: (id) => [
    `HTTP/1.1 200 OK\r\nContent-Length: ${String(id.length)}\r\n\r\n${id}HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nnobody's`,
  ],
}

function upstream(): ScriptedUpstream {
  return new ScriptedUpstream((socket) => {
    const asked: string[] = []
    let isBusy = false
    const answer = async (): Promise<void> => {
      if (isBusy) return
      isBusy = true
      for (let path = asked.shift(); path !== undefined; path = asked.shift()) {
        const [, kind = '', id = ''] = path.split('/')
        for (const piece of ANSWERS[kind]?.(id) ?? []) {
          if (piece !== '') socket.write(piece)
          await new Promise((resolve) => setImmediate(resolve))
        }
        if (kind === 'last') socket.end()
      }
      isBusy = false
    }
    socket.on('data', (chunk: Buffer) => {
      for (const [, path] of chunk.toString('latin1').matchAll(/GET (\S+) HTTP/g)) asked.push(path ?? '')
      void answer()
    })
  })
}

interface Client {
  readonly kind: string
  /** Turns of the loop after which it leaves; it waits for its answer when there is none. */
  readonly leavesAfter: number | undefined
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe.each([
  ['onread', 1],
  ['onread', 4],
  ['documented', 1],
  ['documented', 4],
] as const)('whose answer it is (%s, %i at once on a connection)', (transport, pipelining) => {
  const server = upstream()
  let proxy: Proxy
  let port = 0
  let lastId = 1_000
  beforeAll(async () => {
    proxy = new Proxy(await server.listen(), {
      engine: { transport, maxConnectionsPerEndpoint: 3 },
      request: () => ({ pipelining }),
    })
    port = await proxy.listen()
  })
  afterAll(async () => {
    await proxy.close()
    server.close()
  })

  async function ask({ kind, leavesAfter }: Client): Promise<void> {
    const id = String(++lastId)
    const socket: Socket = connect({ port, host: '127.0.0.1' })
    let received = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
    const closed = once(socket, 'close')
    socket.write(`GET /${kind}/${id} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    if (leavesAfter !== undefined) {
      await turns(leavesAfter)
      socket.destroy()
    }
    await closed
    const ids = received.slice(received.indexOf('\r\n\r\n') + 4).match(/\d{4,}|nobody/g) ?? []
    expect(ids.filter((found) => found !== id && !found.startsWith(id))).toEqual([])
    if (leavesAfter === undefined) expect(received).toMatch(/^HTTP\/1\.1 (?:200 OK[^]*\d{4}|502)/)
  }

  const client = fc.record({
    kind: fc.constantFrom(...Object.keys(ANSWERS).filter((kind) => pipelining === 1 || kind !== 'twice')),
    leavesAfter: fc.option(fc.nat(12), { nil: undefined }),
  })

  test('random clients that come at once and leave at any time get their own answers', async () => {
    await fuzz(
      `whose answer it is (${transport}, ${String(pipelining)} at once)`,
      fc.asyncProperty(fc.array(client, { minLength: 2, maxLength: 12 }), async (clients) => {
        await Promise.all(clients.map(ask))
      }),
      60,
    )
  })
})
