/** What lines are written to; `process.stdout` is one. `done` is called when the bytes have left and may be overwritten. */
export interface LineTarget {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): unknown
}

export interface LineWriterOptions {
  /** Called when lines can be taken again after `lines` of them were lost: to a slow reader, or to a full disk. */
  readonly onLost?: (lines: number) => void
}

/** Lines are gathered in buffers of this size, each of which leaves in one write. */
export const CHUNK_BYTES = 64 * 1024
/** So much may wait for a slow reader; lines beyond it are lost, and counted. */
export const MAX_CHUNKS = 64
/** So long may a gathered line wait for others. */
const GATHER_MS = 100
/** What a disk has until somebody clears it; after any other error nobody reads any more. */
const PASSING: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EAGAIN'])
const LINE_FEED = Buffer.from('\n')

interface Chunk {
  readonly bytes: Buffer
  length: number
}

/**
 * Lines leave in few writes and through buffers that are used again: a log must not cost a system call per request, nor
 * keep anything of a request alive. A reader that is slow, or gone, costs lines and never memory or a request; a disk that
 * was full takes lines again once there is room.
 */
export class LineWriter {
  readonly #target: LineTarget
  readonly #onLost: (lines: number) => void
  #filling: Chunk = newChunk()
  /** Full, in the order in which they leave; the first may be on its way. */
  readonly #full: Chunk[] = []
  readonly #free: Chunk[] = []
  #isWriting = false
  #isBroken = false
  /** The last write failed, perhaps in the middle of a line. */
  #isTorn = false
  #lost = 0
  #soon: NodeJS.Timeout | undefined
  #atTurnsEnd: NodeJS.Immediate | undefined
  #whenEmpty: (() => void) | undefined

  constructor(target: LineTarget, { onLost = () => undefined }: LineWriterOptions = {}) {
    this.#target = target
    this.#onLost = onLost
  }

  /** Takes a line with its line feed; it leaves at the end of this turn of the event loop. */
  put(line: string): void {
    this.#take(line)
    this.#atTurnsEnd ??= setImmediate(() => this.flush())
  }

  /** Takes one of many lines: it leaves with the others when a buffer is full, a tenth of a second later at the latest. */
  gather(line: string): void {
    this.#take(line)
    this.#soon ??= setTimeout(() => this.flush(), GATHER_MS).unref()
  }

  /**
   * The same for a line that is written straight into the buffer: `write` puts it there, with its line feed, and gives the
   * offset behind it. `room`: bytes that it takes at most.
   */
  gatherBytes<T>(value: T, room: number, write: (value: T, bytes: Buffer, at: number) => number): void {
    if (this.#isBroken) return
    if (room > CHUNK_BYTES - this.#filling.length && !this.#makeRoom(room)) {
      this.#lost++
      return
    }
    const { bytes, length } = this.#filling
    this.#filling.length = write(value, bytes, length)
    this.#soon ??= setTimeout(() => this.flush(), GATHER_MS).unref()
  }

  /** Writes what waits, as far as the reader takes it. */
  flush(): void {
    clearTimeout(this.#soon)
    clearImmediate(this.#atTurnsEnd)
    this.#soon = this.#atTurnsEnd = undefined
    this.#turnOver()
    this.#write()
  }

  /** Writes what waits, and resolves when a reader has taken it or `withinMs` have passed. */
  async end(withinMs: number): Promise<void> {
    this.flush()
    if (this.#full.length > 0) {
      await new Promise<void>((resolve) => {
        const giveUp = setTimeout(resolve, withinMs)
        this.#whenEmpty = () => {
          clearTimeout(giveUp)
          resolve()
        }
      })
    }
    if (this.#lost > 0) this.#tellLoss()
  }

  /** Hands over everything at once, for a process that ends now: what a slow reader has no room for is lost with it. */
  handOver(): void {
    if (this.#isBroken) return
    const handed = this.#isWriting ? 1 : 0
    for (const { bytes, length } of [...this.#full.slice(handed), this.#filling]) {
      if (length > 0) this.#target.write(bytes.subarray(0, length), () => undefined)
    }
    this.#break()
  }

  // No character of a line takes more than three bytes, which spares counting them, but for the longest lines.
  #take(line: string): void {
    if (this.#isBroken) return
    const room = CHUNK_BYTES - this.#filling.length
    if (
      line.length * 3 > room &&
      Buffer.byteLength(line) > room &&
      !this.#makeRoom(Buffer.byteLength(line))
    ) {
      this.#lost++
      return
    }
    const { bytes, length } = this.#filling
    this.#filling.length += bytes.write(line, length)
  }

  #makeRoom(room: number): boolean {
    if (this.#full.length >= MAX_CHUNKS) return false
    this.#turnOver()
    this.#write()
    if (room > CHUNK_BYTES) this.#filling = { bytes: Buffer.allocUnsafeSlow(room), length: 0 }
    return true
  }

  #turnOver(): void {
    if (this.#filling.length === 0 || this.#full.length >= MAX_CHUNKS) return
    this.#full.push(this.#filling)
    this.#filling = this.#free.pop() ?? newChunk()
  }

  #write(): void {
    const [chunk] = this.#full
    if (chunk === undefined || this.#isWriting || this.#isBroken) return
    this.#isWriting = true
    if (this.#isTorn) this.#target.write(LINE_FEED, () => undefined)
    this.#target.write(chunk.bytes.subarray(0, chunk.length), (error) => this.#written(chunk, error))
  }

  #written(chunk: Chunk, error: Error | null | undefined): void {
    this.#isWriting = false
    this.#full.shift()
    const failed = error !== undefined && error !== null
    if (failed && !('code' in error && PASSING.has(error.code))) return this.#break()
    if (failed) this.#lost += linesOf(chunk)
    this.#isTorn = failed
    chunk.length = 0
    // Two go round while the reader keeps up; what a slow one made necessary is given back.
    if (this.#free.length < 2 && chunk.bytes.length === CHUNK_BYTES) this.#free.push(chunk)
    this.#write()
    if (this.#full.length === 0) this.#whenEmpty?.()
    if (this.#lost > 0 && !failed) this.#tellLoss()
  }

  #tellLoss(): void {
    const lines = this.#lost
    this.#lost = 0
    this.#onLost(lines)
  }

  // Nobody reads any more, which is no reason to stop serving.
  #break(): void {
    this.#isBroken = true
    this.#full.length = 0
    this.#filling.length = 0
    this.#whenEmpty?.()
  }
}

function linesOf({ bytes, length }: Chunk): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0 && at < length; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}

function newChunk(): Chunk {
  return { bytes: Buffer.allocUnsafeSlow(CHUNK_BYTES), length: 0 }
}
