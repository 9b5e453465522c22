/**
 * Who is there, where thousands come and go. Not a Set: when V8 outgrows the table of one it links the old table to the new, so
 * that one old table that has reached the old generation keeps everybody who was ever in a later one until the next full
 * collection, and each small collection copies them. Here whoever leaves is replaced by the last.
 */
export class Roster<T extends object> {
  readonly #items: T[] = []
  /** Under which an item knows its place. */
  readonly #place: symbol = Symbol('place')

  get size(): number {
    return this.#items.length
  }

  add(item: T): void {
    if (this.#placeOf(item) === undefined) this.#put(item, this.#items.length)
  }

  remove(item: T): void {
    const place = this.#placeOf(item)
    const last = this.#items[this.#items.length - 1]
    if (place === undefined || last === undefined) return
    if (last !== item) this.#put(last, place)
    this.#items.pop()
  }

  /** Visits everybody, the newest first. Whoever leaves meanwhile may still be visited, and somebody else twice. */
  each(visit: (item: T) => void): void {
    for (let at = this.#items.length - 1; at >= 0; at--) {
      const item = this.#items[at]
      if (item !== undefined) visit(item)
    }
  }

  #placeOf(item: T): number | undefined {
    const place = (item as Partial<Record<symbol, number>>)[this.#place]
    return place !== undefined && this.#items[place] === item ? place : undefined
  }

  #put(item: T, place: number): void {
    ;(item as Record<symbol, number>)[this.#place] = place
    this.#items[place] = item
  }
}
