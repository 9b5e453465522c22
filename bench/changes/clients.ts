import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'

/** Clients that sent one request and keep their connections open. */
export class IdleClients {
  readonly #sockets: Socket[]
  #closed = 0

  private constructor(sockets: Socket[]) {
    this.#sockets = sockets
    for (const socket of sockets) socket.once('close', () => (this.#closed += 1))
  }

  static async open(count: number, port: number, host: string): Promise<IdleClients> {
    const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1' }))
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise((resolve, reject) => {
            socket.once('error', reject).once('data', resolve)
            socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
          }),
      ),
    )
    return new IdleClients(sockets)
  }

  get closed(): number {
    return this.#closed
  }

  close(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('close').destroy()
  }
}

/** A client that asks again and again; counts what went wrong and the longest wait. */
export class SteadyClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 })
  readonly #port: number
  readonly #host: string
  #isOver = false
  requests = 0
  errors = 0
  longestMs = 0

  constructor(port: number, host: string) {
    this.#port = port
    this.#host = host
  }

  /** A request each millisecond or so on each of `lanes` connections. */
  async run(lanes: number): Promise<void> {
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()))
    this.#agent.destroy()
  }

  stop(): void {
    this.#isOver = true
  }

  async #lane(): Promise<void> {
    while (!this.#isOver) {
      const start = performance.now()
      const status = await statusOf(this.#port, this.#host, this.#agent)
      this.requests += 1
      if (status !== 200) this.errors += 1
      this.longestMs = Math.max(this.longestMs, performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
}

/** The status of one answer; 0 when there is none. */
export function statusOf(port: number, host: string, agent?: Agent): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      { port, host: '127.0.0.1', headers: { host }, ...(agent && { agent }) },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
      },
    )
    sent.once('error', () => resolve(0)).end()
  })
}
