import { RawClient, rawRequest, until, type RawClientOptions } from '@postern/testing'

/** The host that is asked. */
export const HOST = 'shop.example'

/** Clients that ask again and again, half of them on connections that stay open, until they are told to stop. */
export class Load {
  /** How many of each answer: status and who gave it. */
  readonly answers = new Map<string, number>()
  #isOver = false
  readonly #clients: readonly Promise<void>[]

  constructor(options: RawClientOptions, clients = 8) {
    this.#clients = Array.from({ length: clients }, (_, i) =>
      i % 2 === 0 ? this.#onOne(options) : this.#onMany(options),
    )
  }

  get count(): number {
    return [...this.answers.values()].reduce((sum, one) => sum + one, 0)
  }

  /** Waits until so many more requests were answered. */
  async more(requests: number): Promise<void> {
    const goal = this.count + requests
    await until(`${String(requests)} more answers`, () => this.count >= goal, 30_000)
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#clients)
  }

  async #onOne(options: RawClientOptions): Promise<void> {
    let client = await RawClient.open(options)
    while (!this.#isOver) {
      client.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
      try {
        const { status, body, values } = await client.readResponse()
        this.#note(status, body)
        // A server may close a connection after an answer, when it says so.
        if (values('connection').includes('close')) {
          client.close()
          client = await RawClient.open(options)
        }
      } catch (error) {
        this.#note(0, String(error))
        client.close()
        client = await RawClient.open(options)
      }
    }
    client.close()
  }

  async #onMany(options: RawClientOptions): Promise<void> {
    while (!this.#isOver) {
      try {
        const { status, body } = await rawRequest(options, `GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
        this.#note(status, body)
      } catch (error) {
        this.#note(0, String(error))
      }
    }
  }

  #note(status: number, body: string): void {
    const key = status === 200 ? `200 ${body}` : String(status === 0 ? body : status)
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1)
  }
}
