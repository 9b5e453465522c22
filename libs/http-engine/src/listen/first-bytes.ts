import type { Socket } from 'node:net'
import type { Deadlines, Timed } from '../wire/deadlines.ts'

/** What a reader of first bytes says: more is needed, nothing good will come, or done with so many bytes used up. */
export type FirstReading = 'incomplete' | 'refused' | { readonly used: number }

/**
 * Collects the first bytes of a socket until `read` has seen enough, then puts what was not used up back in front, as if
 * nobody had looked. Closes the socket when it takes too long.
 */
export class FirstBytes implements Timed {
  deadline: number
  readonly #socket: Socket
  readonly #deadlines: Deadlines
  readonly #read: (bytes: Buffer) => FirstReading
  readonly #then: () => void
  #bytes: Buffer = Buffer.alloc(0)

  constructor(
    socket: Socket,
    deadlines: Deadlines,
    timeoutMs: number,
    read: (bytes: Buffer) => FirstReading,
    then: () => void,
  ) {
    this.#socket = socket
    this.#deadlines = deadlines
    this.#read = read
    this.#then = then
    this.deadline = deadlines.exact() + timeoutMs
    deadlines.watch(this)
    socket.on('readable', this.#onReadable)
    socket.once('close', () => deadlines.forget(this))
    socket.once('end', this.#onEnd)
  }

  expired(): void {
    this.#socket.destroy()
  }

  readonly #onEnd = (): void => {
    this.#socket.destroy()
  }

  readonly #onReadable = (): void => {
    const chunk: unknown = this.#socket.read()
    if (!Buffer.isBuffer(chunk)) return
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    const reading = this.#read(this.#bytes)
    if (reading === 'incomplete') return
    this.#deadlines.forget(this)
    this.#socket.off('readable', this.#onReadable)
    this.#socket.off('end', this.#onEnd)
    if (reading === 'refused') return void this.#socket.destroy()
    const rest = this.#bytes.subarray(reading.used)
    if (rest.length > 0) this.#socket.unshift(rest)
    this.#then()
  }
}
