import { NotPlain } from './plain-lines.ts'

/** A value on one line, and where it ends. */
export interface PlainValue {
  readonly value: unknown
  readonly end: number
}

/** Told of each field and item: the collection and the offset of its next one. */
export type NotePlace = (collection: object, offset: number) => void

const DOUBLE = /"(?:[^"\\\n]|\\["\\/bnrt])*"/y
const SINGLE = /'(?:[^'\n]|'')*'/y
const PLAIN_START = /(?:-(?=[^\s,[\]{}])|[^\s,[\]{}#&*!|>'"%@`?:-])/y
const FLOW_PLAIN = /(?:[^\s,[\]{}#&*!|>'"%@`?:-]|-(?=[^\s,[\]{}]))[^,[\]{}#:\n]*/y
const FLOW_KEY = /([A-Za-z_.][\w./-]*): +/y
// Deeper nesting is nobody's manifest, and would exhaust the stack.
export const MAX_DEPTH = 64

const BLANKS = / */y

/** A scalar or a flow collection that begins at `start` and ends before `limit`. @throws NotPlain */
export function readValue(text: string, start: number, limit: number, note: NotePlace): PlainValue {
  const first = text[start]
  if (first === '{' || first === '[') {
    const found = readFlow(text, start, note, 0)
    return { ...found, end: expectNothing(text, found.end, limit) }
  }
  if (first === '"' || first === "'") {
    const found = readQuoted(text, start)
    return { ...found, end: expectNothing(text, found.end, limit) }
  }
  if (matchAt(PLAIN_START, text, start) === undefined) throw new NotPlain('an indicator')
  let word = text.slice(start, limit)
  const comment = word.indexOf(' #')
  if (comment !== -1) word = word.slice(0, comment).trimEnd()
  if (word.includes(': ') || word.endsWith(':')) throw new NotPlain('a mapping in a scalar')
  return { value: resolvePlain(word), end: limit }
}

/** The core schema of YAML 1.2 §10.3.2; numbers that are not plain decimal integers are left to others. */
export function resolvePlain(word: string): unknown {
  if (/^(?:null|Null|NULL|~|)$/.test(word)) return null
  if (/^(?:true|True|TRUE)$/.test(word)) return true
  if (/^(?:false|False|FALSE)$/.test(word)) return false
  if (!/^[-+.\d]/.test(word)) return word
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(word)) return Number(word)
  const isNumber =
    /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0[ox][\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
  if (isNumber.test(word)) throw new NotPlain('a number of another form')
  return word
}

/** A quoted scalar. @throws NotPlain when it does not end on its line, or uses rare escapes. */
export function readQuoted(text: string, start: number): { readonly value: string; readonly end: number } {
  const found = matchAt(text[start] === '"' ? DOUBLE : SINGLE, text, start)
  if (found === undefined) throw new NotPlain('a quoted scalar of another form')
  const end = start + found.length
  if (found.startsWith("'")) return { value: found.slice(1, -1).replaceAll("''", "'"), end }
  return { value: JSON.parse(found) as string, end }
}

function readFlow(text: string, start: number, note: NotePlace, depth: number): PlainValue {
  if (depth > MAX_DEPTH) throw new NotPlain('nested too deep')
  const isMap = text[start] === '{'
  const close = isMap ? '}' : ']'
  const map: Record<string, unknown> = {}
  const list: unknown[] = []
  let at = skipBlanks(text, start + 1)
  while (text[at] !== close) {
    const key = isMap ? flowKey(text, at, map) : undefined
    const valueAt = at + (key?.length ?? 0)
    const isCollection = text[valueAt] === '{' || text[valueAt] === '['
    note(isMap ? map : list, isCollection ? at : valueAt)
    const { value, end } = flowValue(text, valueAt, note, depth)
    if (key === undefined) list.push(value)
    else map[key.name] = value
    at = skipBlanks(text, end)
    if (text[at] === close) break
    if (text[at] !== ',') throw new NotPlain('a flow collection of another form')
    at = skipBlanks(text, at + 1)
    if (text[at] === close) throw new NotPlain('a comma at the end')
  }
  return { value: isMap ? map : list, end: at + 1 }
}

function flowKey(text: string, at: number, map: object): { readonly name: string; readonly length: number } {
  const found = matchAt(FLOW_KEY, text, at)
  if (found === undefined) throw new NotPlain('a key of another form')
  return { name: newKey(found.slice(0, found.indexOf(':')), map), length: found.length }
}

/** A key that is text, and new in its mapping. @throws NotPlain */
export function newKey(word: string, map: object): string {
  // Keys that look like numbers lose their order in an object.
  const isText = typeof resolvePlain(word) === 'string' && !/^\d+$/.test(word)
  if (!isText || word === '__proto__' || Object.hasOwn(map, word)) throw new NotPlain('a key of another form')
  return word
}

function flowValue(text: string, at: number, note: NotePlace, depth: number): PlainValue {
  const first = text[at]
  if (first === '{' || first === '[') return readFlow(text, at, note, depth + 1)
  if (first === '"' || first === "'") return readQuoted(text, at)
  const found = matchAt(FLOW_PLAIN, text, at)?.trimEnd()
  if (found === undefined) throw new NotPlain('a scalar of another form')
  return { value: resolvePlain(found), end: at + found.length }
}

function expectNothing(text: string, at: number, limit: number): number {
  const rest = text.slice(at, limit)
  if (rest !== '' && !/^ +#/.test(rest)) throw new NotPlain('text behind a value')
  return limit
}

function skipBlanks(text: string, at: number): number {
  return at + (matchAt(BLANKS, text, at)?.length ?? 0)
}

export function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
