/**
 * Bounds how many are kept at once. Who is asked for all the time stays: when there is no room, the hand goes round and
 * sends away the first that nobody asked for since it came by (CLOCK, F. J. Corbató 1968).
 */
export class SecondChance<T extends { wasAsked: boolean }> {
  readonly #room: number
  readonly #ring: T[] = []
  #hand = 0

  constructor(room: number) {
    this.#room = room
  }

  /** Takes one in; the one that has to go for it. */
  add(item: T): T | undefined {
    if (this.#ring.length < this.#room) {
      this.#ring.push(item)
      return undefined
    }
    for (;;) {
      const place = this.#hand
      this.#hand = (place + 1) % this.#room
      const held = this.#ring[place]
      if (held === undefined || !held.wasAsked) {
        this.#ring[place] = item
        return held
      }
      held.wasAsked = false
    }
  }
}
