import { describe, expect, test } from '@jest/globals'
import type { Duplex } from 'node:stream'
import { until } from '../until.ts'
import type { EngineBench } from './bench.ts'

const HANDSHAKE =
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc\r\n\r\n'

/** Protocol switches (RFC 9110 §7.8), as WebSockets use them. */
export function tunnelSuite(bench: EngineBench): void {
  describe('tunnels', () => {
    test('bytes flow both ways after a 101, early ones included', async () => {
      let upgradeHeader = ''
      const upstream = await bench.upstream(undefined, {
        upgrade: (request, socket) => {
          upgradeHeader = `${String(request.headers.connection).toLowerCase()} ${String(request.headers.upgrade)} ${String(request.headers['sec-websocket-key'])}`
          echo(
            socket,
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Accept: yes\r\n\r\nearly',
          )
        },
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write(HANDSHAKE)
      const head = await client.readResponse()
      expect(head.status).toBe(101)
      expect(head.values('x-accept')).toEqual(['yes'])
      expect(head.values('upgrade')).toEqual(['websocket'])
      expect(head.values('connection').map((value) => value.toLowerCase())).toEqual(['upgrade'])
      expect(upgradeHeader).toBe('upgrade websocket abc')
      client.write('ping')
      await client.readUntil((bytes) => bytes === 'earlyecho:ping')
    })

    test('either side ends the tunnel for both, and the result is known', async () => {
      let upstreamClosed = false
      const upstream = await bench.upstream(undefined, {
        upgrade: (_, socket) => {
          socket.once('close', () => (upstreamClosed = true))
          echo(
            socket,
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
          )
        },
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write(HANDSHAKE)
      await client.readResponse()
      client.write('x')
      await client.readUntil((bytes) => bytes.length > 0)
      client.close()
      await until('both ends are closed', () => upstreamClosed && bench.outcomes.length === 1)
      expect(bench.outcomes[0]?.result).toMatchObject({ status: 101, bodyBytes: 6 })
    })

    test('an upstream that refuses the upgrade is heard by the client', async () => {
      const upstream = await bench.upstream(undefined, {
        upgrade: (_, socket) =>
          void socket.end(
            'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\nX-Why: no\r\n\r\nno',
          ),
      })
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write(HANDSHAKE)
      const response = await client.readResponse()
      expect(response).toMatchObject({ status: 403, body: 'no' })
      expect(response.values('x-why')).toEqual(['no'])
    })

    test('an upgrade may be answered from here', async () => {
      const { port } = await bench.listen(async (exchange) => {
        await bench.engine.reply(exchange, { status: 401, headers: [], body: exchange.upgrade ?? 'none' })
      })
      const client = await bench.connect({ port })
      client.write(HANDSHAKE)
      expect(await client.readResponse()).toMatchObject({ status: 401, body: 'websocket' })
    })

    test('an upgrade to a closed port fails as any request does', async () => {
      const upstream = await bench.rawUpstream((socket) => socket.destroy())
      await upstream.close()
      const { port } = await bench.proxy(upstream.endpoint)
      const client = await bench.connect({ port })
      client.write(HANDSHAKE)
      expect((await client.readResponse()).body).toBe('connect-refused')
    })

    test('Upgrade without Connection: upgrade is an ordinary request', async () => {
      const upstream = await bench.upstream()
      const { port } = await bench.proxy(upstream.endpoint)
      const response = await bench.request(port, 'GET / HTTP/1.1', 'Host: a', 'Upgrade: websocket')
      expect(response.status).toBe(200)
      expect(upstream.seen[0]?.headers.map(([name]) => name)).not.toContain('upgrade')
    })
  })
}

function echo(socket: Duplex, greeting: string): void {
  socket.on('error', () => socket.destroy())
  socket.write(greeting)
  socket.on('data', (data: Buffer) => socket.write(`echo:${data.toString('latin1')}`))
  socket.on('end', () => socket.end())
}
