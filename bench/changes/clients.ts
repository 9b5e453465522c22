import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'

// Well below the time after which a proxy closes a connection that nobody uses.
const ASK_AGAIN_MS = 20_000

/** Clients that ask now and then, and keep their connections open in between. */
export class IdleClients {
  readonly #sockets: Socket[]
  readonly #again: NodeJS.Timeout
  #closed = 0

  private constructor(sockets: Socket[], question: string) {
    this.#sockets = sockets
    for (const socket of sockets) socket.on('error', () => undefined).once('close', () => (this.#closed += 1))
    this.#again = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write(question)
    }, ASK_AGAIN_MS)
  }

  static async open(count: number, port: number, host: string): Promise<IdleClients> {
    const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1' }))
    const question = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise((resolve, reject) => {
            socket.once('error', reject).once('data', resolve)
            socket.write(question)
          }),
      ),
    )
    for (const socket of sockets) socket.resume()
    return new IdleClients(sockets, question)
  }

  get closed(): number {
    return this.#closed
  }

  close(): void {
    clearInterval(this.#again)
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
