import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { ingress, serviceAt } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

// Only our own engine shares a connection as soon as it is dialled.
const testOwn = process.env['ENGINE'] === 'node' ? test.skip : test

/** A server on bytes: `onRequests` gets the targets that one read has brought. */
async function byteServer(onRequests: (socket: Socket, targets: readonly string[]) => void) {
  const sockets = new Set<Socket>()
  let accepted = 0
  const server = createServer((socket) => {
    accepted++
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => {
      const heads = bytes.toString('latin1').matchAll(/^[A-Z]+ (\S+) HTTP\/1\.1\r$/gm)
      onRequests(
        socket,
        [...heads].map(([, target = '']) => target),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: { address: '127.0.0.1', port: (server.address() as AddressInfo).port },
    accepted: () => accepted,
    [Symbol.dispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

const answer = (target: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${String(target.length)}\r\n\r\n${target}`

async function serve(gateway: GatewayFixture, endpoint: { address: string; port: number }): Promise<void> {
  await gateway.write('services.yaml', serviceAt('shop', [endpoint]))
  const route = ingress({
    name: 'shop',
    annotations: { 'postern.dev/upstream-pipelining': '16' },
    rules: [{ host: 'shop.example', paths: [{ path: '/', service: 'shop' }] }],
  })
  await gateway.write('ingress.yaml', route)
  await gateway.start()
}

const paths = Array.from({ length: 10 }, (_, i) => `/${String(i)}`)

testOwn('requests of a route with upstream-pipelining share a connection, others do not', async () => {
  const waiting: [Socket, string][] = []
  using upstream = await byteServer((socket, targets) => {
    waiting.push(...targets.map((target): [Socket, string] => [socket, target]))
    // Nobody is answered before all have come: none of them can have waited for another.
    if (waiting.length === 11) for (const [to, target] of waiting) to.write(answer(target))
  })
  await using gateway = await GatewayFixture.make()
  await serve(gateway, upstream.endpoint)
  const reads = paths.map((path) => gateway.get('shop.example', path))
  const write = gateway.send('POST /p HTTP/1.1', 'Host: shop.example', 'Content-Length: 0')
  const answers = await Promise.all([...reads, write])
  expect(answers.map(({ body }) => body)).toEqual([...paths, '/p'])
  expect(upstream.accepted()).toBe(2)
})

testOwn('what a shared connection leaves unanswered is sent again elsewhere', async () => {
  let first: Socket | undefined
  let answered = 0
  using upstream = await byteServer((socket, targets) => {
    first ??= socket
    for (const target of targets) {
      if (socket === first && ++answered > 3) return void socket.destroy()
      socket.write(answer(target))
    }
  })
  await using gateway = await GatewayFixture.make()
  await serve(gateway, upstream.endpoint)
  const answers = await Promise.all(paths.map((path) => gateway.get('shop.example', path)))
  expect(answers.map(({ status, body }) => `${String(status)} ${body}`)).toEqual(
    paths.map((path) => `200 ${path}`),
  )
})
