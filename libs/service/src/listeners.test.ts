import { expect, test } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { createListeners } from './listeners.ts'

/** Another address of this machine: the other family, or where there is no IPv6 another one of the loopback network. */
const other = (await canListen('::1')) ? '::1' : '127.0.0.2'
const both = async () => ['127.0.0.1', other]
const free = { host: 'localhost', port: 0 }

async function canListen(host: string): Promise<boolean> {
  const server = createServer()
  const outcome = await Promise.race([
    once(server.listen(0, host), 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ])
  server.close()
  return outcome
}

/** One request at an address; gives its answer once it is read. */
async function ask(host: string, port: string, agent: Agent | false = false): Promise<IncomingMessage> {
  const request = get({ host, port, agent })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response
}

function newApp(handler: () => Promise<object> = async () => ({ ok: true })): FastifyInstance {
  const app = Fastify()
  app.get('/', handler)
  return app
}

test('localhost is every address that it stands for', async () => {
  const listeners = createListeners(newApp(), both)
  const { port } = new URL(await listeners.open(free, 'PORT'))
  for (const host of ['127.0.0.1', other]) expect((await ask(host, port)).statusCode).toBe(200)
  await listeners.close()
  for (const host of ['127.0.0.1', other]) await expect(ask(host, port)).rejects.toThrow('ECONNREFUSED')
})

test('a connection of either address is told to end before it is closed', async () => {
  const listeners = createListeners(newApp(), both)
  const { port } = new URL(await listeners.open(free, 'PORT'))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (const host of ['127.0.0.1', other])
    expect((await ask(host, port, agent)).headers.connection).toBe('keep-alive')
  const lettingGo = listeners.letGo()
  for (const host of ['127.0.0.1', other])
    expect((await ask(host, port, agent)).headers.connection).toBe('close')
  await lettingGo
  await listeners.close()
  agent.destroy()
})

test.each(['127.0.0.1', other])(
  'a request in flight at %s has its answer before the app closes',
  async (host) => {
    const events: string[] = []
    let finish: (() => void) | undefined
    const arrived = new Promise<void>((resolve) => {
      finish = resolve
    })
    let answer: (() => void) | undefined
    const app = newApp(async () => {
      finish?.()
      await new Promise<void>((resolve) => (answer = resolve))
      events.push('answered')
      return { ok: true }
    })
    app.addHook('onClose', async () => {
      events.push('closed')
    })
    const listeners = createListeners(app, both)
    const { port } = new URL(await listeners.open(free, 'PORT'))
    const asked = ask(host, port)
    await arrived
    const closing = listeners.close()
    await expect(ask(host, port)).rejects.toThrow('ECONNREFUSED')
    answer?.()
    expect((await asked).statusCode).toBe(200)
    await closing
    expect(events).toEqual(['answered', 'closed'])
  },
)

test('an address that this machine does not have is left out', async () => {
  // RFC 5737 §3: no machine has it.
  const listeners = createListeners(newApp(), async () => ['127.0.0.1', '192.0.2.1'])
  const { port } = new URL(await listeners.open(free, 'PORT'))
  expect((await ask('127.0.0.1', port)).statusCode).toBe(200)
  await listeners.close()
})

test('a port that is taken at one of the addresses is named: half of the clients would reach somebody else', async () => {
  const taken = createServer().listen(0, other)
  await once(taken, 'listening')
  const { port } = taken.address() as { readonly port: number }
  const listeners = createListeners(newApp(), both)
  await expect(listeners.open({ host: 'localhost', port }, 'PORT')).rejects.toThrow(
    `cannot listen on localhost:${port}: the port is taken by another process`,
  )
  await listeners.close()
  await expect(ask('127.0.0.1', String(port))).rejects.toThrow('ECONNREFUSED')
  taken.close()
})
