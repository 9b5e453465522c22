// A slow start is forgiven: a phone that changes cells is not an attack.
const GRACE_MS = 5_000

/**
 * The slowest body that is accepted: bytes per second on average, over the time in which the client was free to send.
 * An idle timeout alone lets a client that drips one byte at a time hold an upstream for hours.
 */
export class BodyFloor {
  isHeld = false
  readonly #bytesPerSecond: number
  #began = 0
  #heldSince = 0

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond
  }

  begin(now: number): void {
    this.isHeld = false
    this.#began = now
  }

  /** The client is held back by us: this time does not count. */
  hold(now: number): void {
    if (!this.isHeld) this.#heldSince = now
    this.isHeld = true
  }

  resume(now: number): void {
    if (this.isHeld) this.#began += now - this.#heldSince
    this.isHeld = false
  }

  isBroken(received: number, now: number): boolean {
    const elapsed = now - this.#began
    return elapsed > GRACE_MS && received * 1000 < this.#bytesPerSecond * elapsed
  }
}
