/** "Something happened since you last looked", any number of times, told once. */
export class Signal {
  #raised = false
  #ended = false
  #wake: (() => void) | undefined

  get ended(): boolean {
    return this.#ended
  }

  /** Nobody has looked since. */
  get isRaised(): boolean {
    return this.#raised
  }

  raise(): void {
    this.#raised = true
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  /** Waits for the next raise; false when there will be none. For one listener at a time. */
  async next(): Promise<boolean> {
    if (!this.#raised && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    this.#raised = false
    return !this.#ended
  }
}
