import { applyEach, type HeaderBlock, type HeaderEdits } from '@postern/exchange'
import { isName } from '../bytes/words.ts'
import { isEnginesOwn, legalName, legalValue } from './own-lines.ts'
import { readyBlock, type ReadyBlock } from './ready-block.ts'

type Kind = 'set' | 'add' | 'remove'

const NONE: string[] = []

/**
 * Edits of one header section. Names and values are checked when they are given, so that nothing that is written can break
 * a message in two: a line break in a value throws where the mistake is.
 */
export class FieldEdits implements HeaderEdits {
  /** Kind, name and value of each edit, one behind the other: one array per request instead of one per edit. */
  #list: string[] = NONE
  /** A block none of whose names is in the list. */
  #block: ReadyBlock | undefined

  set(name: string, value: string): void {
    this.#part(name)
    this.#put('set', legalName(name), legalValue(name, value))
  }

  add(name: string, value: string): void {
    this.#part(name)
    this.#put('add', legalName(name), legalValue(name, value))
  }

  remove(name: string): void {
    this.#part(name)
    this.#put('remove', legalName(name), '')
  }

  apply(block: HeaderBlock): void {
    const ready = readyBlock(block)
    if (this.#block === undefined && !this.#mentions(ready)) this.#block = ready
    else applyEach(this, block)
  }

  each(visit: (kind: Kind, name: string, value: string | undefined) => void): void {
    const list = this.#list
    if (this.#block !== undefined) {
      const { names, lines } = this.#block.block
      for (const name of names) visit('remove', name, undefined)
      for (const [name, value] of lines) visit('set', name, value)
    }
    for (let at = 0; at < list.length; at += 3) {
      const kind = list[at] as Kind
      visit(kind, list[at + 1] as string, kind === 'remove' ? undefined : list[at + 2])
    }
  }

  /** Whether lines of this name that were received give way to an edit. */
  replaces(text: string, start: number, end: number): boolean {
    if (this.#block?.names.has(text, start, end) === true) return true
    const list = this.#list
    for (let at = 0; at < list.length; at += 3) {
      if (isName(text, start, end, list[at + 1] as string) && list[at] !== 'add') return true
    }
    return false
  }

  /** The lines that the edits add. Framing and connection fields are the engine's own and are left out. */
  lines(): string {
    const list = this.#list
    let lines = this.#block?.text ?? ''
    for (let at = 0; at < list.length; at += 3) {
      const name = list[at + 1] as string
      if (list[at] === 'remove' || this.#isOverruled(at, name) || isEnginesOwn(name)) continue
      lines += `${name}: ${list[at + 2] as string}\r\n`
    }
    return lines
  }

  has(name: string): boolean {
    if (this.#block?.names.has(name, 0, name.length) === true) return true
    const list = this.#list
    for (let at = 1; at < list.length; at += 3)
      if (isName(name, 0, name.length, list[at] as string)) return true
    return false
  }

  // A list that grows takes room for many more at once; most requests have one edit beside the block, and answers none.
  #put(kind: Kind, name: string, value: string): void {
    if (this.#list === NONE) this.#list = [kind, name, value]
    else this.#list.push(kind, name, value)
  }

  #mentions({ names }: ReadyBlock): boolean {
    const list = this.#list
    for (let at = 1; at < list.length; at += 3) {
      const name = list[at] as string
      if (names.has(name, 0, name.length)) return true
    }
    return false
  }

  // An edit that speaks of a name in the block comes after it: from then on the block is a list of edits like any other.
  #part(name: string): void {
    const ready = this.#block
    if (ready === undefined || !ready.names.has(name, 0, name.length)) return
    this.#block = undefined
    applyEach(this, ready.block)
  }

  // The last `set` or `remove` of a name replaces whatever stood there before.
  #isOverruled(at: number, name: string): boolean {
    const list = this.#list
    for (let later = at + 3; later < list.length; later += 3) {
      if (list[later] !== 'add' && isName(name, 0, name.length, list[later + 1] as string)) return true
    }
    return false
  }
}
