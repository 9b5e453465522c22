import type { FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { lookup } from 'node:dns/promises'
import type { ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { formatAddress, type ListenAddress } from './listen-address.ts'
import { listenFailure } from './start-error.ts'

/** How often connections that fell idle are closed while a service drains. */
const SWEEP_MS = 50
/** So long whoever keeps connections open is told to let go of them. */
const LET_GO_MS = 1_000
/**
 * Connections that may wait to be accepted, where the system lets so many (`net.core.somaxconn`). Node's 511 is soon full when a gateway's
 * clients come back at once, and whoever finds it full tries again after a second, then two, then four; how long the others wait is watched (overload.ts).
 */
const BACKLOG = 4_096
/** A machine without IPv6 may still say that `localhost` is `::1` too. */
const NOT_HERE: readonly unknown[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

/** Where an app accepts connections. */
export interface Listeners {
  /**
   * Opens the port, at all addresses of `localhost` when that is the host; gives its URL, for example `http://127.0.0.1:8080`.
   *
   * @throws StartError naming `setting`.
   */
  open(address: ListenAddress, setting: string): Promise<string>
  /**
   * Answers say that their connection ends, before those that stand idle are closed: a request that is sent on one at that very
   * moment is lost, and a gateway may not send a POST again (RFC 9110 §9.2.2).
   */
  letGo(): Promise<void>
  /** Stops accepting, waits for the answers in flight and closes the app. */
  close(): Promise<void>
}

/**
 * Makes the listeners of an app. Fastify would open further addresses of `localhost` with servers that nobody else sees: at the end those
 * would be told nothing, and their requests in flight would lose the store. Here all connections are of one server.
 */
export function createListeners(
  app: FastifyInstance,
  addressesOf: (host: string) => Promise<readonly string[]> = bindAddresses,
): Listeners {
  const doors: Server[] = []
  return {
    open: async (address, setting) => {
      try {
        const [first = address.host, ...others] = await addressesOf(address.host)
        await listenQuietly(app, { host: first, port: address.port })
        const { port } = app.server.address() as AddressInfo
        for (const host of others) doors.push(...(await openDoor(app, { host, port })))
        return `http://${formatAddress({ host: address.host, port })}`
      } catch (error) {
        throw listenFailure(address, setting, error)
      }
    },
    letGo: () => letGo(app, [app.server, ...doors]),
    close: async () => {
      await closeAll(app, [app.server, ...doors])
      await app.close()
    },
  }
}

async function bindAddresses(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [host]
  const found = await lookup(host, { all: true, order: 'ipv4first' })
  return [...new Set(found.map(({ address }) => address))]
}

/** Fastify logs a line of its own for each address of the machine; the contract wants one. */
async function listenQuietly(app: FastifyInstance, address: ListenAddress): Promise<void> {
  const level = app.log.level
  app.log.level = 'silent'
  try {
    await app.listen({ ...address, backlog: BACKLOG })
  } finally {
    app.log.level = level
  }
}

/** One more listening socket, whose connections the app's own server serves as Node allows (https://nodejs.org/api/http.html#event-connection). */
async function openDoor(app: FastifyInstance, address: ListenAddress): Promise<readonly Server[]> {
  // As an HTTP server opens its own (https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener).
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    app.server.emit('connection', socket),
  )
  try {
    await once(door.listen({ ...address, backlog: BACKLOG }), 'listening')
    return [door]
  } catch (error) {
    if (NOT_HERE.includes((error as Partial<NodeJS.ErrnoException>).code)) return []
    throw error
  }
}

async function letGo(app: FastifyInstance, opened: readonly Server[]): Promise<void> {
  app.server.prependListener('request', (_request, response: ServerResponse) => {
    response.setHeader('connection', 'close')
  })
  for (let waited = 0; waited < LET_GO_MS && (await connectionsOf(opened)) > 0; waited += SWEEP_MS)
    await sleep(SWEEP_MS)
}

async function connectionsOf(opened: readonly Server[]): Promise<number> {
  const counts = opened.map((server) =>
    promisify((done: (error: Error | null, count: number) => void) => server.getConnections(done))(),
  )
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

/** A connection that is kept alive after its last answer would hold the end up until its timeout: Node closes only those that are idle at the moment of closing. */
async function closeAll(app: FastifyInstance, opened: readonly Server[]): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
  try {
    await Promise.all(opened.map(closed))
  } finally {
    clearInterval(sweep)
  }
}

/** A server's only error at its end is that it never listened. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}
