/** How often each thing is mentioned, so that one knows when nobody mentions it any more. */
export class Counted<T> {
  readonly #counts = new Map<T, number>()

  add(item: T): void {
    this.#counts.set(item, (this.#counts.get(item) ?? 0) + 1)
  }

  /** True when this was the last mention. */
  remove(item: T): boolean {
    const count = this.#counts.get(item) ?? 0
    if (count > 1) this.#counts.set(item, count - 1)
    else this.#counts.delete(item)
    return count === 1
  }

  has(item: T): boolean {
    return this.#counts.has(item)
  }
}
