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
  /** Removes all names of the block and sets its lines, at the price of one edit. */
  apply(block: HeaderBlock): void
  /** In the order in which they were made. `value` is absent for a removal. */
  each(visit: (kind: 'set' | 'add' | 'remove', name: string, value: string | undefined) => void): void
}

/** Edits that many messages have in common, made once: received lines of `names` give way to `lines`. */
export class HeaderBlock {
  /** In lower case, those of `lines` among them. Blocks that share a list are made ready faster. */
  readonly names: readonly string[]
  /** One per name. */
  readonly lines: readonly (readonly [name: string, value: string])[]
  /** Room for what an engine derives from the block when it first meets it. */
  derived: unknown = undefined

  constructor(names: readonly string[], lines: readonly (readonly [name: string, value: string])[]) {
    this.names = names
    this.lines = lines
  }
}

/** A block as the edits that it stands for. */
export function applyEach(edits: HeaderEdits, { names, lines }: HeaderBlock): void {
  for (const name of names) edits.remove(name)
  for (const [name, value] of lines) edits.set(name, value)
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

  apply(block: HeaderBlock): void {
    applyEach(this, block)
  }

  each(visit: (kind: 'set' | 'add' | 'remove', name: string, value: string | undefined) => void): void {
    for (const [kind, name, value] of this.#edits) visit(kind, name, value)
  }
}
