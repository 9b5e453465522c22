import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { once } from 'node:events'

/** One response as it stood on the wire. Header lines keep their order, case and number. */
export interface RawResponse {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** All values of one name, compared without regard to case. */
  values(name: string): readonly string[]
}

export interface RawClientOptions {
  readonly port: number
  readonly host?: string
  /** Present: TLS, with these options. */
  readonly tls?: ConnectionOptions
}

/** Writes bytes and reads responses, so that a test says exactly what goes over the wire. Bytes are latin1. */
export class RawClient {
  readonly socket: Socket | TLSSocket
  #received = ''
  #ended = false
  #wake: () => void = () => undefined

  private constructor(socket: Socket | TLSSocket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#notice(() => (this.#received += chunk)))
    socket.on('error', () => this.#notice(() => (this.#ended = true)))
    socket.on('close', () => this.#notice(() => (this.#ended = true)))
    socket.on('end', () => this.#notice(() => (this.#ended = true)))
  }

  static async open({ port, host = '127.0.0.1', tls }: RawClientOptions): Promise<RawClient> {
    const socket =
      tls === undefined ? connectTcp({ port, host, noDelay: true }) : connectTls({ port, host, ...tls })
    await once(socket, tls === undefined ? 'connect' : 'secureConnect')
    return new RawClient(socket)
  }

  write(bytes: string): void {
    this.socket.write(bytes, 'latin1')
  }

  /** Reads until `done` says so; rejects when the peer closes before, with what was received. */
  async readUntil(done: (received: string) => boolean): Promise<string> {
    while (!done(this.#received)) {
      if (this.#ended) throw new Error(`the connection closed after ${JSON.stringify(this.#received)}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    return this.#received
  }

  /** Takes what `readUntil` found out of the buffer. */
  take(length: number): string {
    const taken = this.#received.slice(0, length)
    this.#received = this.#received.slice(length)
    return taken
  }

  /** Reads one complete response. `method` tells whether it can have a body (RFC 9112 §6.3). */
  async readResponse(method = 'GET'): Promise<RawResponse> {
    await this.readUntil((received) => received.includes('\r\n\r\n'))
    const head = this.take(this.#received.indexOf('\r\n\r\n') + 4)
    const [statusLine = '', ...lines] = head.trimEnd().split('\r\n')
    const headers = lines.map((line) => splitHeader(line))
    const status = Number(statusLine.split(' ')[1])
    const values = (name: string) =>
      headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
    const body = await this.#readBody(method, status, values)
    return { status, headers, body, values }
  }

  /** Resolves with everything left when the peer closes. */
  async readToEnd(): Promise<string> {
    while (!this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.take(this.#received.length)
  }

  get ended(): boolean {
    return this.#ended
  }

  close(): void {
    this.socket.destroy()
  }

  async #readBody(
    method: string,
    status: number,
    values: (name: string) => readonly string[],
  ): Promise<string> {
    if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return ''
    if (values('transfer-encoding').includes('chunked')) return this.#readChunks()
    const length = values('content-length')[0]
    if (length === undefined) return this.readToEnd()
    await this.readUntil((received) => received.length >= Number(length))
    return this.take(Number(length))
  }

  async #readChunks(): Promise<string> {
    let body = ''
    for (;;) {
      const received = await this.readUntil((bytes) => bytes.includes('\r\n'))
      const line = this.take(received.indexOf('\r\n') + 2)
      const size = parseInt(line, 16)
      if (size === 0) break
      await this.readUntil((bytes) => bytes.length >= size + 2)
      body += this.take(size + 2).slice(0, size)
    }
    // Trailers end with an empty line, as a head does.
    for (;;) {
      const received = await this.readUntil((bytes) => bytes.includes('\r\n'))
      if (this.take(received.indexOf('\r\n') + 2) === '\r\n') return body
    }
  }

  #notice(change: () => unknown): void {
    change()
    this.#wake()
  }
}

/** One request on a connection of its own. */
export async function rawRequest(options: RawClientOptions, bytes: string): Promise<RawResponse> {
  const client = await RawClient.open(options)
  try {
    client.write(bytes)
    return await client.readResponse(bytes.slice(0, bytes.indexOf(' ')))
  } finally {
    client.close()
  }
}

function splitHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}
