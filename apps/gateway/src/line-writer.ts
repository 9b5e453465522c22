/** Lines of one turn of the event loop leave in one write: a log must not cost a system call per request. */
export class LineWriter {
  readonly #write: (text: string) => void
  #waiting = ''

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** Takes a line with its line feed. */
  put(line: string): void {
    if (this.#waiting === '') setImmediate(() => this.flush())
    this.#waiting += line
  }

  /** Writes what waits; called before the process ends. */
  flush(): void {
    const text = this.#waiting
    this.#waiting = ''
    if (text !== '') this.#write(text)
  }
}
