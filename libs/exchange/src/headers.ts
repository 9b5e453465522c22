/** A read-only view on received header fields. Names are compared without regard to case (RFC 9110 §5.1). */
export interface HeaderView {
  /** The field's value; several lines of one name are joined with `, `, of `Cookie` with `; `. */
  get(name: string): string | undefined
  has(name: string): boolean
  /** Every line as received, in order. */
  each(visit: (name: string, value: string) => void): void
}

/**
 * Changes to a header section, kept as a list and applied once when the section is written. For one name the last
 * `set` or `remove` replaces whatever stood there; an `add` is one more line.
 */
export interface HeaderEdits {
  set(name: string, value: string): void
  add(name: string, value: string): void
  remove(name: string): void
  /** In the order in which they were made. `value` is absent for a removal. */
  each(visit: (kind: 'set' | 'add' | 'remove', name: string, value: string | undefined) => void): void
}

type Edit = readonly ['set' | 'add', string, string] | readonly ['remove', string, undefined]

/** The plain implementation, good for engines and tests alike. */
export class EditList implements HeaderEdits {
  readonly #edits: Edit[] = []

  set(name: string, value: string): void {
    this.#edits.push(['set', name, value])
  }

  add(name: string, value: string): void {
    this.#edits.push(['add', name, value])
  }

  remove(name: string): void {
    this.#edits.push(['remove', name, undefined])
  }

  each(visit: (kind: 'set' | 'add' | 'remove', name: string, value: string | undefined) => void): void {
    for (const [kind, name, value] of this.#edits) visit(kind, name, value)
  }
}
