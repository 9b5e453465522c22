import { connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** Tells how long new connections wait until a server accepts them. */
export interface AcceptQueue {
  /**
   * Sends a connection through the queue, unless one is on its way, and tells how long they wait: as long as the last one did, or
   * longer when the next one has waited longer already.
   */
  measureMs(): number
  /** Forgets what was measured, and stops measuring. */
  rest(): void
}

interface Probe {
  readonly socket: Socket
  readonly sinceMs: number
}

/** Where a server that listens everywhere can be reached. */
const HERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/**
 * Measures a server's queue of connections in the kernel by standing in it. libuv accepts one connection per turn of the event loop, so under
 * many new ones each turn is short and the loop on time, while clients wait in a queue that no system call tells the length of.
 */
export function watchAcceptQueue(server: Server, nowMs: () => number): AcceptQueue {
  let current: Probe | undefined
  let lastMs = 0
  const waited = ({ sinceMs }: Probe): number => nowMs() - sinceMs
  const end = (probe: Probe): void => {
    probe.socket.destroy()
    if (current === probe) current = undefined
  }
  const onConnection = ({ remotePort }: Socket): void => {
    if (current === undefined || remotePort === undefined || current.socket.localPort !== remotePort) return
    lastMs = waited(current)
    end(current)
  }
  const send = (): void => {
    const address = server.address()
    if (address === null || typeof address === 'string') return
    const probe = { socket: connectTo(address), sinceMs: nowMs() }
    // A machine that lets nobody connect to itself, or has no descriptor left, is not measured.
    probe.socket.on('error', () => end(probe))
    current = probe
  }
  server.on('connection', onConnection)
  return {
    measureMs: () => {
      if (current === undefined) send()
      return current === undefined ? 0 : Math.max(lastMs, waited(current))
    },
    rest: () => {
      lastMs = 0
      if (current !== undefined) end(current)
    },
  }
}

function connectTo({ address, port }: AddressInfo): Socket {
  return connect({ host: HERE[address] ?? address, port }).unref()
}
