import { afterEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Exchange } from '@postern/exchange'
import { LIMITS } from '../../test/proxy-bench.ts'
import { engineSettings } from '../options.ts'
import { Deadlines } from '../wire/deadlines.ts'
import { Outbox } from '../wire/outbox.ts'
import { IDLE_OWNER, Wire } from '../wire/wire.ts'
import { ClientConnection } from './client-connection.ts'
import type { ClientContext } from './client-context.ts'
import { KnownHosts } from './known-hosts.ts'
import { OwnExchange } from './own-exchange.ts'
import { ParserShelf } from './parser-shelf.ts'

const open: { destroy(): unknown }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.destroy()
})

/** A client that reads nothing until told to, at a connection that is served so. */
async function clientOf(serve: (exchange: OwnExchange) => void): Promise<Socket> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  const [socket] = (await once(server, 'connection')) as [Socket]
  server.close()
  open.push(client, socket)
  const wire = new Wire(IDLE_OWNER, new Outbox())
  wire.attach(socket)
  const facts = { scheme: 'http', remoteAddress: '127.0.0.1', remotePort: 1, localPort: 1, id: 1 } as const
  const connection = new ClientConnection(wire, { ...facts, memo: undefined }, contextOf(serve))
  expect(connection.isOpen).toBe(true)
  return client
}

function contextOf(serve: (exchange: OwnExchange) => void): ClientContext {
  const settings = engineSettings({})
  return {
    serve: (exchange: Exchange) => {
      if (exchange instanceof OwnExchange) serve(exchange)
    },
    ...{ limits: LIMITS, settings, trailerLimits: { maxTrailerBytes: 1_024, maxTrailerCount: 10 } },
    ...{ deadlines: new Deadlines(settings.clock), parsers: new ParserShelf(), hosts: new KnownHosts() },
    ...{ isLeaving: () => false, closed: () => undefined, onRefused: undefined },
  }
}

test('an answer that ends while its client is waited for does not keep the next request', async () => {
  // More than kernels take for a client that does not read.
  const long = 'x'.repeat(32 * 1024 * 1024)
  const client = await clientOf((exchange) => {
    const { client: connection, target } = exchange
    exchange.answered = true
    connection.wire.write(target === '/long' ? long : 'the next answer')
    if (connection.wire.congested) connection.awaitDrain(() => undefined)
    connection.finished(exchange, true)
  })
  client.write('GET /long HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n')
  let last = ''
  client.setEncoding('latin1').on('data', (chunk: string) => (last = (last + chunk).slice(-15)))
  client.resume()
  while (last !== 'the next answer') await once(client, 'data')
  expect(last).toBe('the next answer')
})
