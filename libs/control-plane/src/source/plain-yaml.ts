import type { FieldPath, Position } from '../manifest.ts'
import { NotPlain, PlainLines } from './plain-lines.ts'
import { matchAt, MAX_DEPTH, newKey, readQuoted, readValue, type PlainValue } from './plain-scalar.ts'

/** One document of a YAML text, and where its fields stand. */
export interface YamlDocument {
  readonly value: unknown
  readonly at: (path: FieldPath) => Position
}

const KEY = /(?:[A-Za-z_.][\w./-]*|"[^"\\\n]*"|'[^'\n]*'):(?: +|(?=\n|$))/y

/**
 * Reads YAML as kubectl, Helm and people mostly write it, ten times quicker than a reader of all of YAML. Whatever is
 * beyond that (anchors, tags, folded or many-line scalars, tabs, anything that may be an error) gives undefined: then the
 * full reader decides. Where this one answers, both answer the same; plain-yaml.test.ts holds them against each other.
 */
export function readPlainYaml(text: string): readonly YamlDocument[] | undefined {
  try {
    return readDocuments(new PlainLines(text))
  } catch (error) {
    if (error instanceof NotPlain) return undefined
    throw error
  }
}

/** By collection, the offsets of its fields or items in order. */
type Places = Map<object, number[]>

function readDocuments(lines: PlainLines): readonly YamlDocument[] {
  const documents: YamlDocument[] = []
  const places: Places = new Map()
  const reader = new BlockReader(lines, places)
  while (!lines.isOver) {
    lines.advance()
    if (lines.indent === -1) continue
    const start = lines.content
    const value = reader.readBlock(lines.indent)
    if (lines.indent !== -1) throw new NotPlain('a line that is less deep than the first')
    const at = (path: FieldPath): Position => positionOf(offsetOf(path, value, start, places), lines.starts)
    documents.push({ value, at })
  }
  return documents
}

/** Block collections, which are told by their indentation. Each method leaves the lines behind what it read. */
class BlockReader {
  readonly #lines: PlainLines
  readonly #places: Places
  #depth = 0

  constructor(lines: PlainLines, places: Places) {
    this.#lines = lines
    this.#places = places
  }

  readBlock(column: number): unknown {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new NotPlain('nested too deep')
    const value = this.#atItem() ? this.#readItems(column) : this.#readFields(column, this.#lines.content)
    this.#depth -= 1
    return value
  }

  #readItems(column: number): unknown[] {
    const lines = this.#lines
    const items: unknown[] = []
    do {
      const start = this.#afterDash()
      if (start === lines.end) {
        lines.advance()
        if (lines.indent <= column) throw new NotPlain('an empty item')
        this.#note(items, lines.content)
        items.push(this.readBlock(lines.indent))
      } else {
        this.#note(items, start)
        const isMap = matchAt(KEY, lines.text, start) !== undefined
        items.push(isMap ? this.#readFields(lines.columnOf(start), start) : this.#readInline(start, column))
      }
      if (lines.indent > column) throw new NotPlain('a line that is too deep')
    } while (lines.indent === column && this.#atItem())
    return items
  }

  #readFields(column: number, first: number): Record<string, unknown> {
    const lines = this.#lines
    const fields: Record<string, unknown> = {}
    let start = first
    do {
      const key = matchAt(KEY, lines.text, start)
      if (key === undefined) throw new NotPlain('neither a field nor an item')
      const name = newKey(keyText(key), fields)
      fields[name] = this.#readFieldValue(fields, start, start + key.length, column)
      if (lines.indent > column) throw new NotPlain('a line that is too deep')
      start = lines.content
    } while (lines.indent === column)
    return fields
  }

  #readFieldValue(fields: object, key: number, start: number, column: number): unknown {
    const lines = this.#lines
    const first = lines.text[start]
    if (start < lines.end && first !== '#') {
      this.#note(fields, first === '{' || first === '[' ? key : start)
      return this.#readInline(start, column)
    }
    this.#note(fields, key)
    lines.advance()
    // Items may stand as deep as the key they belong to.
    if (lines.indent === column && this.#atItem()) return this.#readItems(column)
    if (lines.indent <= column) throw new NotPlain('a field without a value')
    return this.readBlock(lines.indent)
  }

  #readInline(start: number, column: number): unknown {
    const lines = this.#lines
    const { text } = lines
    if (text[start] === '|') {
      const header = text.slice(start, lines.end)
      if (header !== '|' && header !== '|-') throw new NotPlain('a block of another form')
      const block = lines.takeBlock(column)
      return header === '|' ? `${block}\n` : block
    }
    const { value }: PlainValue = readValue(text, start, lines.end, this.#note)
    lines.advance()
    return value
  }

  readonly #note = (collection: object, offset: number): void => {
    const offsets = this.#places.get(collection)
    if (offsets === undefined) this.#places.set(collection, [offset])
    else offsets.push(offset)
  }

  #atItem(): boolean {
    const { text, content, end } = this.#lines
    return text[content] === '-' && (content + 1 === end || text[content + 1] === ' ')
  }

  /** Offset of what follows the dash of an item. */
  #afterDash(): number {
    const { text, content, end } = this.#lines
    let at = content + 1
    while (at < end && text[at] === ' ') at += 1
    if (text[at] === '#') throw new NotPlain('a comment behind a dash')
    return at
  }
}

function keyText(found: string): string {
  const word = found.slice(0, found.lastIndexOf(':'))
  return /^["']/.test(word) ? readQuoted(word, 0).value : word
}

/** Offset of a field, or of its nearest ancestor that exists. */
function offsetOf(path: FieldPath, value: unknown, start: number, places: Places): number {
  let [node, offset] = [value, start]
  for (const key of path) {
    const own = typeof node === 'object' && node !== null ? places.get(node) : undefined
    const index = Array.isArray(node) ? key : Object.keys(node ?? {}).indexOf(String(key))
    const next = typeof index === 'number' ? own?.[index] : undefined
    if (next === undefined) break
    offset = next
    node = (node as Readonly<Record<string | number, unknown>>)[key]
  }
  return offset
}

/** @param starts Offsets of all lines. */
function positionOf(offset: number, starts: readonly number[]): Position {
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}
