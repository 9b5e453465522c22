import type { ResponseRate } from '@postern/routing-table'

/** Who takes the bytes of a `PacedQueue`. */
export interface PacedSink {
  /** Gives false when there is no room for more until `PacedQueue.resume`. */
  write(bytes: Uint8Array): boolean
  /** The queue wants more again. */
  emptied(): void
}

// Short enough for a steady flow, and no timer per packet. A rate that is set to a kibibyte sends 102 bytes at a time.
const SLICES_PER_SECOND = 10

/** Lets a body pass at a rate, for an engine's `relay`: as nginx does, it sends a slice and waits for as long as that slice may take. */
export class PacedQueue {
  readonly #sink: PacedSink
  readonly #bytesPerSecond: number
  readonly #sliceBytes: number
  #freeBytes: number
  #waiting: Uint8Array[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #isHeldBack = false
  #isOver = false
  #finish: (() => void) | undefined

  constructor({ bytesPerSecond, afterBytes }: ResponseRate, sink: PacedSink) {
    this.#sink = sink
    this.#bytesPerSecond = bytesPerSecond
    this.#sliceBytes = Math.ceil(bytesPerSecond / SLICES_PER_SECOND)
    this.#freeBytes = afterBytes
  }

  /** False: whoever fills it holds its source back until `emptied`. */
  get wantsMore(): boolean {
    return this.#waiting.length === 0 && this.#timer === undefined && !this.#isHeldBack
  }

  /** The bytes are copied: whoever reads may read into the same place again. */
  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#waiting.push(new Uint8Array(bytes))
    this.#send()
  }

  /** No more will come; calls back once the last byte has left. */
  end(finish: () => void): void {
    this.#finish = finish
    this.#send()
    this.#settle()
  }

  /** The sink has room again. */
  resume(): void {
    this.#isHeldBack = false
    this.#goOn()
  }

  /** Lets go of everything. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#waiting = []
    this.#isOver = true
  }

  #goOn(): void {
    this.#send()
    if (this.#finish !== undefined) this.#settle()
    else if (this.wantsMore && !this.#isOver) this.#sink.emptied()
  }

  // The last slice has left: nobody waits for the time that it may take.
  #settle(): void {
    if (this.#waiting.length > 0 || this.#isOver) return
    this.stop()
    this.#finish?.()
  }

  #send(): void {
    while (this.#timer === undefined && !this.#isHeldBack) {
      const first = this.#waiting[0]
      if (first === undefined) return
      const isFree = this.#freeBytes > 0
      const size = Math.min(first.length, isFree ? this.#freeBytes : this.#sliceBytes)
      if (size === first.length) this.#waiting.shift()
      else this.#waiting[0] = first.subarray(size)
      if (isFree) this.#freeBytes -= size
      else this.#wait((size * 1_000) / this.#bytesPerSecond)
      if (!this.#sink.write(first.subarray(0, size))) this.#isHeldBack = true
    }
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#goOn()
    }, ms)
  }
}
