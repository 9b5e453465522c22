import type { OnReadOpts, Socket } from 'node:net'
import type { Outbox } from './outbox.ts'
import type { ReadBuffers } from './read-buffers.ts'
import { ReadMemory } from './read-memory.ts'

/** Who speaks over a wire. */
export interface WireOwner {
  /** Bytes came. They are valid during the call only, unless `ReadMemory.retain` keeps them. */
  received(bytes: Buffer, start: number, end: number): void
  /** The peer will send nothing more. */
  ended(): void
  /** What was waiting to be written has left. May be called when nothing waited. */
  drained(): void
  /** The connection is gone; called once. */
  closed(error: Error | undefined): void
}

/** Owns a wire until somebody speaks over it. */
export const IDLE_OWNER: WireOwner = {
  received: () => undefined,
  ended: () => undefined,
  drained: () => undefined,
  closed: () => undefined,
}

// Below this a copy into the kernel as a string costs less than keeping track of who may still need the buffer.
const COPY_BYTES = 4096
// More than this is not held back until the end of the turn.
const GATHER_CHARS = 32 * 1024

/** One connection, TCP or TLS, as the engine uses it: latin1 text and spans of read buffers out, spans of bytes in. */
export class Wire {
  owner: WireOwner
  /** Written bytes wait for the peer; `owner.drained` follows. */
  congested = false
  paused = false
  closed = false
  readonly memory = new ReadMemory()
  #socket: Socket | undefined
  /** Bytes come by `data` events. */
  #byEvents = true
  #error: Error | undefined
  #isEnded = false
  /** Leaves at the end of the turn; empty as a rule. */
  #text = ''
  #finishes = false
  readonly #outbox: Outbox

  constructor(owner: WireOwner, outbox: Outbox) {
    this.owner = owner
    this.#outbox = outbox
  }

  /** For `new Socket({ onread })`: reads into buffers of ours instead of a fresh 64 KiB each time. */
  reading(buffers: ReadBuffers, shared: Buffer = buffers.shared): OnReadOpts {
    this.#byEvents = false
    return {
      buffer: () => this.memory.next(buffers, shared),
      callback: (count, bytes) => {
        this.owner.received(bytes as Buffer, 0, count)
        return !this.paused
      },
    }
  }

  /** Takes the socket over. With `reading` used for its making its bytes come by that, otherwise by `data` events. */
  attach(socket: Socket): void {
    this.#socket = socket
    if (this.#byEvents) socket.on('data', (bytes: Buffer) => this.owner.received(bytes, 0, bytes.length))
    socket.on('end', () => this.owner.ended())
    socket.on('drain', () => {
      this.congested = false
      this.owner.drained()
    })
    socket.on('error', (error) => (this.#error = error))
    socket.on('close', () => this.#gone())
  }

  get isOpen(): boolean {
    return !this.closed && this.#socket?.destroyed === false
  }

  /** Writes text, one byte per char, together with what else is written in this turn of the loop. */
  write(text: string): void {
    if (this.closed || text === '') return
    const isFirst = this.#text === ''
    this.#text += text
    if (this.#text.length > GATHER_CHARS) this.flush()
    else if (isFirst) this.#outbox.add(this)
  }

  /** Writes what was held back for the end of the turn. */
  flush(): void {
    const text = this.#text
    const socket = this.#socket
    if (text === '' || this.closed || socket === undefined) return
    this.#text = ''
    if (!socket.write(text, 'latin1') && socket.writableLength > 0) this.congested = true
    if (this.#finishes) this.#close(socket)
  }

  /** Writes bytes that came over `source`, after `prefix`, without copying them where that is safe. */
  writeSpan(prefix: string, bytes: Buffer, start: number, end: number, source: Wire): void {
    const socket = this.#socket
    if (this.closed || socket === undefined) return
    if (end - start <= COPY_BYTES) return this.write(prefix + bytes.toString('latin1', start, end))
    this.flush()
    const span = source.memory.shares(bytes)
      ? joined(prefix, bytes, start, end)
      : this.#inFrontOf(socket, prefix, bytes, start, end, source)
    const isOpen = socket.write(span)
    if (socket.writableLength === 0) return
    source.memory.surrender(bytes, end)
    if (!isOpen) this.congested = true
  }

  // The bytes before a span are read and done with, as a rule the head that the prefix replaces: it is written over them, so
  // that both leave in one write.
  #inFrontOf(
    socket: Socket,
    prefix: string,
    bytes: Buffer,
    start: number,
    end: number,
    source: Wire,
  ): Buffer {
    const length = prefix.length
    if (length === 0) return bytes.subarray(start, end)
    if (source.memory.roomBefore(bytes, start) < length || socket.writableLength > 0) {
      socket.write(prefix, 'latin1')
      return bytes.subarray(start, end)
    }
    const joint = Buffer.from(bytes.buffer, bytes.byteOffset + start - length, length + end - start)
    joint.write(prefix, 0, 'latin1')
    return joint
  }

  pause(): void {
    if (this.paused || this.closed) return
    this.paused = true
    this.#socket?.pause()
  }

  resume(): void {
    if (!this.paused || this.closed) return
    this.paused = false
    this.#socket?.resume()
  }

  /** Closes our side when everything is written. */
  end(): void {
    // A second end() would make Node build an error with a stack trace, only to drop it.
    if (this.#isEnded || this.closed) return
    this.#isEnded = true
    this.flush()
    this.#socket?.end()
  }

  /** Closes both sides when everything is written. */
  finish(): void {
    const socket = this.#socket
    if (this.closed || socket === undefined) return
    if (this.#text === '') this.#close(socket)
    else this.#finishes = true
  }

  /** Closes both sides at once; what was held back is lost. */
  destroy(): void {
    this.#text = ''
    this.#socket?.destroy()
  }

  /** Closes so that the peer cannot take what it has for the whole. */
  reset(): void {
    const socket = this.#socket
    if (socket === undefined || this.closed) return
    this.flush()
    if ('encrypted' in socket) socket.destroy()
    else socket.resetAndDestroy()
  }

  // With nothing left to write TCP closes in one system call; TLS has its own farewell to write first.
  #close(socket: Socket): void {
    if (socket.writableLength > 0 || 'encrypted' in socket) socket.destroySoon()
    else socket.destroy()
  }

  #gone(): void {
    if (this.closed) return
    this.closed = true
    this.congested = false
    this.#text = ''
    this.memory.release()
    this.owner.closed(this.#error)
  }
}

// The shared buffer is overwritten by the next read of anybody, so what may wait in a queue has to leave it.
function joined(prefix: string, bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(prefix.length + end - start)
  copy.write(prefix, 0, 'latin1')
  bytes.copy(copy, prefix.length, start, end)
  return copy
}
