import { afterEach, describe, expect, test } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { exchangeBytes, Proxy, ScriptedUpstream, type ProxyOptions } from './proxy-bench.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const get = (path: string, ...lines: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: a', ...lines, '', ''].join('\r\n')

async function until(what: string, done: () => boolean): Promise<void> {
  const end = Date.now() + 8_000
  while (!done()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** True once a growing number has stood still for a while: something holds it back. */
function standsStill(read: () => number): () => boolean {
  let last = -1
  let polls = 0
  return () => {
    polls = read() === last && last > 0 ? polls + 1 : 0
    last = read()
    return polls > 20
  }
}

describe.each(['onread', 'documented'] as const)('flow (%s)', (transport) => {
  const open: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })

  async function start(onConnection: (socket: Socket) => void, options: ProxyOptions = {}) {
    const upstream = new ScriptedUpstream(onConnection)
    const proxy = new Proxy(await upstream.listen(), { ...options, engine: { transport, ...options.engine } })
    open.push(
      () => upstream.close(),
      () => proxy.close(),
    )
    return { upstream, proxy, port: await proxy.listen() }
  }

  async function client(port: number): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    open.push(() => socket.destroy())
    await once(socket, 'connect')
    return socket
  }

  test('large bodies arrive byte by byte in both directions at once, whatever the pieces', async () => {
    const { port } = await start((socket) => {
      // Sends back, chunked, what it gets chunked: framing of the engine's, copied as it comes.
      socket.once('data', (first: Buffer) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n')
        socket.write(first.subarray(first.indexOf('\r\n\r\n') + 4))
        socket.pipe(socket)
      })
    })
    const data = randomBytes(3_000_000)
    const socket = await client(port)
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n')
    for (let at = 0, size = 1; at < data.length; at += size, size = 1 + ((size * 7919) % 90_000)) {
      const piece = data.subarray(at, at + size)
      socket.write(`${piece.length.toString(16)}\r\n`)
      socket.write(piece)
      if (!socket.write('\r\n')) await once(socket, 'drain')
    }
    socket.write('0\r\n\r\n')
    await once(socket, 'close')
    const hash = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex')
    expect(hash(dechunk(Buffer.concat(received)))).toBe(hash(data))
  })

  test('a client that does not read holds its upstream back and nobody else', async () => {
    let written = 0
    const { port } = await start((socket) => {
      socket.on('data', (request: Buffer) => {
        if (!request.includes('/big')) return void socket.write(OK)
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n')
        const chunk = Buffer.alloc(65_536)
        const more = (): void => {
          do written += chunk.length
          while (written < 100_000_000 && socket.write(chunk))
        }
        socket.on('drain', more)
        more()
      })
    })
    const slow = await client(port)
    slow.pause()
    slow.write(get('/big'))
    await until(
      'the upstream is held back',
      standsStill(() => written),
    )
    for (let i = 0; i < 20; i++)
      expect(await exchangeBytes(port, [get('/x', 'Connection: close')])).toContain('ok')
    expect(written).toBeLessThan(50_000_000)
  })

  test('an upstream that does not read holds its client back', async () => {
    const { port } = await start((socket) => socket.pause())
    const socket = await client(port)
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n')
    const chunk = Buffer.alloc(65_536)
    let written = 0
    const more = (): void => {
      do written += chunk.length
      while (written < 100_000_000 && socket.write(chunk))
    }
    socket.on('drain', more)
    more()
    await until(
      'the client is held back',
      standsStill(() => written),
    )
    expect(await exchangeBytes(port, ['bad\r\n\r\n'])).toContain('400')
    expect(written).toBeLessThan(50_000_000)
  })

  test('a client that sends requests ahead and reads nothing is not served without bound', async () => {
    const { port, proxy } = await start((socket) =>
      socket.on('data', () =>
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n${'x'.repeat(8000)}`),
      ),
    )
    const socket = await client(port)
    socket.pause()
    for (let i = 0; i < 20_000; i++) socket.write(get('/'))
    await until(
      'the engine stops serving',
      standsStill(() => proxy.served),
    )
    expect(proxy.served).toBeLessThan(5_000)
  })

  test('a client that sent far ahead and left before it was answered keeps no upstream connection', async () => {
    let now = 0
    const { port, proxy, upstream } = await start((socket) => socket.resume(), {
      limits: { bodyIdleTimeoutMs: 5_000 },
      engine: { clock: () => now },
      request: () => ({ timeouts: { connectMs: 5_000, readMs: 1_000_000, sendMs: 5_000 } }),
    })
    const socket = await client(port)
    socket.write(get('/').repeat(10_000))
    await until('the request arrived', () => upstream.sockets.size === 1)
    socket.destroy()
    await until('its upstream connection is closed', () => {
      now += 200
      return upstream.sockets.size === 0
    })
    expect(now).toBeLessThan(1_000_000)
    await until('it is forgotten', () => proxy.listener.connections() === 0)
  })

  test('clients that abort leave no upstream connection busy', async () => {
    const { port, upstream } = await start((socket) => socket.resume())
    const clients = await Promise.all(Array.from({ length: 100 }, () => client(port)))
    for (const socket of clients) socket.write(get('/'))
    await until('all requests arrived', () => upstream.sockets.size === 100)
    for (const socket of clients) socket.destroy()
    await until('all upstream connections are closed', () => upstream.sockets.size === 0)
  })

  test('a burst beyond the limit is served or told 503, never reset', async () => {
    const { port } = await start((socket) => socket.on('data', () => socket.write(OK)), {
      limits: { maxConnections: 20 },
    })
    const answers = await Promise.all(
      Array.from({ length: 300 }, () => exchangeBytes(port, [get('/', 'Connection: close')])),
    )
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 (200|503) /)
    expect(answers.some((answer) => answer.includes(' 200 '))).toBe(true)
  })

  test('heads and bodies that drip are cut, others go on', async () => {
    let now = 0
    const { port } = await start((socket) => socket.on('data', () => undefined), {
      limits: { headTimeoutMs: 5_000, bodyIdleTimeoutMs: 5_000 },
      engine: { clock: () => now },
    })
    const head = await client(port)
    const body = await client(port)
    let answers = ''
    for (const socket of [head, body]) socket.on('data', (chunk: Buffer) => (answers += chunk.toString()))
    body.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n')
    head.write('GET / HTTP/1.1\r\n')
    await until('both are cut', () => {
      now += 400
      if (!head.destroyed) head.write('X')
      if (!body.destroyed) body.write('x')
      return answers.includes('408') && answers.includes('client-body-timeout')
    })
  })

  test('a stale connection: GET is sent again, POST is a failure that is told', async () => {
    let requests = 0
    const { port, proxy } = await start((socket) => {
      let served = 0
      socket.on('data', () => {
        requests++
        if (served++ === 0) socket.write(OK)
        else socket.destroy()
      })
    })
    const ask = async (method: string) =>
      exchangeBytes(port, [
        `${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      ])
    expect(await ask('GET')).toContain(' 200 ')
    expect(await ask('GET')).toContain(' 200 ')
    expect(requests).toBe(3)
    expect(await ask('POST')).toContain('upstream-reset')
    expect(proxy.errors[0]).toMatchObject({ code: 'upstream-reset', retrySafe: false })
  })

  test('sharing: answers go to who asked, and what was unanswered is sent again', async () => {
    let connections = 0
    const { port, proxy } = await start(
      (socket) => {
        const isFirst = connections++ === 0
        let served = 0
        socket.on('data', (chunk: Buffer) => {
          for (const [, path] of chunk.toString().matchAll(/GET (\S+) /g)) {
            if (isFirst && served++ === 3) return void socket.destroy()
            socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(path?.length)}\r\n\r\n${String(path)}`)
          }
        })
      },
      { request: () => ({ pipelining: 8 }) },
    )
    const paths = Array.from({ length: 40 }, (_, i) => `/${String(i)}`)
    const answers = await Promise.all(
      paths.map((path) => exchangeBytes(port, [get(path, 'Connection: close')])),
    )
    expect(answers.map((answer) => answer.split('\r\n\r\n')[1])).toEqual(paths)
    expect(proxy.errors).toEqual([])
    expect(connections).toBeLessThan(40)
  })

  test('an unread body is taken in when small, and the connection closed when large', async () => {
    const { port, proxy } = await start(() => undefined, {
      request: (exchange) => {
        void proxy.engine.reply(exchange, { status: 403, headers: [], body: 'no' })
        return {}
      },
    })
    const post = (length: number) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${String(length)}\r\n\r\n`
    const small = await exchangeBytes(port, [post(20_000), 'x'.repeat(20_000), get('/', 'Connection: close')])
    expect(small.match(/HTTP\/1\.1 403/g)).toHaveLength(2)
    const large = await exchangeBytes(port, [post(2_000_000), 'x'.repeat(100_000)], /\r\n\r\nno/)
    expect(large).toContain('Connection: close')
  })

  test('the PROXY protocol tells who connected, in both versions, and is required', async () => {
    const peers: string[] = []
    const { port, proxy } = await start((socket) => socket.on('data', () => socket.write(OK)), {
      proxyProtocol: true,
      request: ({ connection }) => {
        peers.push(`${connection.remoteAddress}:${String(connection.remotePort)}`)
        return {}
      },
    })
    const request = get('/', 'Connection: close')
    const binary = '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x0a\0\0\x07\x7f\0\0\x01\x10\0\0\x50'
    expect(await exchangeBytes(port, ['PROXY TCP4 192.0.2.1 ', `127.0.0.1 1234 80\r\n${request}`])).toContain(
      'ok',
    )
    expect(await exchangeBytes(port, [binary + request])).toContain('ok')
    expect(await exchangeBytes(port, ['PROXY TCP6 2001:db8::1 ::1 5 80\r\n', request])).toContain('ok')
    expect(proxy.refused).toEqual([])
    expect(await exchangeBytes(port, [request])).toBe('')
    expect(proxy.refused).toMatchObject([
      { status: 400, unanswered: true, connection: { scheme: 'http', remoteAddress: '127.0.0.1' } },
    ])
    expect(peers).toEqual(['192.0.2.1:1234', '10.0.0.7:4096', '2001:db8::1:5'])
  })

  test('a change of the table closes nothing that is under way', async () => {
    const { port, proxy, upstream } = await start((socket) => {
      socket.on('data', (request: Buffer) => {
        const text = request.toString()
        if (text.includes('/ws')) {
          socket.write(
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
          )
        } else if (text.includes('/slow')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab')
        else if (text.startsWith('ping')) socket.write('pong')
        else socket.write(OK)
      })
    })
    const tunnels = await Promise.all(Array.from({ length: 30 }, () => client(port)))
    const downloads = await Promise.all(Array.from({ length: 20 }, () => client(port)))
    const received = new Map<Socket, string>()
    for (const socket of [...tunnels, ...downloads]) {
      socket.on('data', (chunk: Buffer) =>
        received.set(socket, (received.get(socket) ?? '') + chunk.toString()),
      )
    }
    for (const socket of tunnels) socket.write(get('/ws', 'Connection: Upgrade', 'Upgrade: websocket'))
    for (const socket of downloads) socket.write(get('/slow'))
    await until(
      'all are under way',
      () => [...received.values()].filter((text) => /101|ab$/.test(text)).length === 50,
    )
    for (let i = 0; i < 500; i++) {
      proxy.engine.prune(() => i % 2 === 0)
      if (i % 50 === 0) expect(await exchangeBytes(port, [get('/', 'Connection: close')])).toContain('ok')
    }
    for (const socket of tunnels) socket.write('ping')
    for (const socket of upstream.sockets) socket.write('cd')
    await until('tunnels answer and downloads end', () =>
      [
        ...tunnels.map((socket) => received.get(socket)?.includes('pong')),
        ...downloads.map((socket) => received.get(socket)?.endsWith('abcd')),
      ].every(Boolean),
    )
    expect([...tunnels, ...downloads].filter(({ destroyed }) => destroyed)).toEqual([])
  })

  test('interim answers are swallowed, a 101 that nobody asked for is a bad gateway', async () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'
    const { port } = await start((socket) => {
      socket.on('data', (request: Buffer) => {
        socket.write(
          request.includes('/switch')
            ? 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'
            : interim + OK,
        )
      })
    })
    expect(await exchangeBytes(port, [get('/', 'Connection: close')])).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(await exchangeBytes(port, [get('/switch', 'Connection: close')])).toContain(
      'upstream-bad-response',
    )
  })

  test.each([
    ['HTTP/0.9', 'hello'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length beside chunked',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'],
    ['a NUL', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n'],
  ])('an answer with %s is a 502, never passed on', async (_, answer) => {
    const { port } = await start((socket) => socket.on('data', () => socket.end(answer)))
    const received = await exchangeBytes(port, [get('/', 'Connection: close')])
    expect(received).toMatch(/^HTTP\/1\.1 502 [\s\S]*upstream-(bad-response|reset)$/)
  })

  test('bytes behind an answer are nobody’s answer', async () => {
    const { port } = await start((socket) => {
      socket.on('data', () => socket.write(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`))
    })
    const socket = await client(port)
    let received = ''
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
    for (let i = 1; i <= 3; i++) {
      socket.write(get('/'))
      await until('the answer came', () => received.split('\r\n\r\nok').length === i + 1)
    }
    expect(received).not.toContain('evil')
  })

  test.each([
    ['a small answer', OK],
    ['a chunked answer', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
  ])('bytes behind %s are not the answer of a request that waits for the connection', async (_, answer) => {
    const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'
    let asked = 0
    const { port, proxy } = await start(
      (socket) => {
        socket.on('data', (request: Buffer) => {
          asked++
          // Answered once all the others wait for this one connection.
          if (!request.includes('/first')) return void socket.write(OK)
          void until('all have come', () => proxy.served === 4).then(() => socket.write(answer + evil))
        })
      },
      { engine: { maxConnectionsPerEndpoint: 1 } },
    )
    const first = exchangeBytes(port, [get('/first', 'Connection: close')])
    await until('the first has arrived', () => asked === 1)
    const others = ['/2', '/3', '/4'].map((path) => exchangeBytes(port, [get(path, 'Connection: close')]))
    const answers = await Promise.all([first, ...others])
    for (const received of answers) expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*ok/)
    expect(answers.join()).not.toContain('evil')
  })
})

function dechunk(message: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = message.indexOf('\r\n\r\n') + 4
  for (;;) {
    const end = message.indexOf('\r\n', at)
    const size = parseInt(message.toString('latin1', at, end), 16)
    if (size === 0) return Buffer.concat(parts)
    parts.push(message.subarray(end + 2, end + 2 + size))
    at = end + 4 + size
  }
}
