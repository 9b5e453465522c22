import type { HeaderBlock } from '@postern/exchange'
import { isName } from '../bytes/words.ts'
import { ownLines } from './own-lines.ts'

/** A block of edits as a message head needs it. */
export class ReadyBlock {
  readonly block: HeaderBlock
  readonly names: NameTable
  /** The lines as they are written, checked. */
  readonly text: string

  constructor(block: HeaderBlock) {
    this.block = block
    this.names = tableOf(block.names)
    this.text = ownLines(block.lines)
  }
}

/** Makes a block ready when it is first met. */
export function readyBlock(block: HeaderBlock): ReadyBlock {
  if (block.derived instanceof ReadyBlock) return block.derived
  const ready = new ReadyBlock(block)
  block.derived = ready
  return ready
}

const LONGEST = 31

/** A few names; most others are told from them by their length. */
export class NameTable {
  readonly #byLength: readonly (readonly string[])[]
  /** One bit per length. */
  readonly #lengths: number

  constructor(names: readonly string[]) {
    const byLength: string[][] = Array.from({ length: LONGEST + 1 }, () => [])
    for (const name of names) byLength[Math.min(name.length, LONGEST)]?.push(name)
    this.#byLength = byLength
    this.#lengths = byLength.reduce((bits, { length }, at) => (length === 0 ? bits : bits | (1 << at)), 0)
  }

  /** Whether a stretch of text is one of the names, without regard to case. */
  has(text: string, start: number, end: number): boolean {
    const length = Math.min(end - start, LONGEST)
    if ((this.#lengths & (1 << length)) === 0) return false
    for (const name of this.#byLength[length] ?? []) if (isName(text, start, end, name)) return true
    return false
  }
}

const tables = new WeakMap<readonly string[], NameTable>()

function tableOf(names: readonly string[]): NameTable {
  let table = tables.get(names)
  if (table === undefined) tables.set(names, (table = new NameTable(names)))
  return table
}
