import { didYouMean } from '../did-you-mean.ts'
import type { FieldPath } from '../manifest.ts'
import type { Notes } from './notes.ts'

/**
 * Reads the fields of one object of a manifest: unknown in, typed out. What has the wrong type is noted with its place
 * and what was expected, and reads as absent. `null` is absent, as in the API server's decoder.
 */
export class Fields {
  readonly path: FieldPath
  readonly #value: Readonly<Record<string, unknown>>
  readonly #notes: Notes

  constructor(value: Readonly<Record<string, unknown>>, path: FieldPath, notes: Notes) {
    this.#value = value
    this.path = path
    this.#notes = notes
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null
  }

  text(key: string): string | undefined {
    return this.#typed(key, 'a string', isText)
  }

  flag(key: string): boolean | undefined {
    return this.#typed(key, 'true or false', (value) => typeof value === 'boolean')
  }

  /** A port number, 1 to 65535. */
  port(key: string): number | undefined {
    return this.#typed(key, 'a port number from 1 to 65535', isPort)
  }

  /** A port by number or by name, as `targetPort` has it. */
  portOrName(key: string): number | string | undefined {
    return this.#typed(key, 'a port number or a name', (value) => isPort(value) || isText(value))
  }

  texts(key: string): readonly string[] {
    const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
    return this.#typed(key, 'a list of strings', isTexts) ?? []
  }

  /** `metadata.annotations`, `data`: every value must be a string, which YAML makes easy to get wrong. */
  textMap(key: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const [name, value] of Object.entries(this.#object(key) ?? {})) {
      if (isText(value)) found.set(name, value)
      else if (value !== null)
        this.problem(
          [key, name],
          `is ${describe(value)}, expected a string`,
          `put it in quotes: '${String(value)}'`,
        )
    }
    return found
  }

  fields(key: string, fix?: string): Fields | undefined {
    const object = this.#object(key, fix)
    return object && new Fields(object, [...this.path, key], this.#notes)
  }

  each(key: string): readonly Fields[] {
    const list = this.#typed(key, 'a list', (value): value is unknown[] => Array.isArray(value)) ?? []
    return list.flatMap((item, index) => {
      if (isObject(item)) return [new Fields(item, [...this.path, key, index], this.#notes)]
      this.problem([key, index], `is ${describe(item)}, expected an object`)
      return []
    })
  }

  /** Fields that the API does not have: it drops them, with a warning at best. */
  onlyKnows(known: readonly string[]): void {
    for (const key of Object.keys(this.#value)) {
      if (known.includes(key)) continue
      const near = didYouMean(key, known)
      this.note([key], {
        severity: 'warning',
        code: 'unknown-field',
        message: 'the API has no such field, so it says nothing',
        fix: near === undefined ? `fields here are ${known.join(', ')}` : `did you mean ${near}?`,
      })
    }
  }

  problem(path: FieldPath, message: string, fix?: string): void {
    this.note(path, { code: 'invalid-field', message, ...(fix !== undefined && { fix }) })
  }

  note(path: FieldPath, note: Parameters<Notes['add']>[1]): void {
    this.#notes.add([...this.path, ...path], note)
  }

  #object(key: string, fix?: string): Readonly<Record<string, unknown>> | undefined {
    return this.#typed(key, 'an object', isObject, fix)
  }

  #typed<T>(key: string, expected: string, is: (value: unknown) => value is T, fix?: string): T | undefined
  #typed(key: string, expected: string, is: (value: unknown) => boolean, fix?: string): never
  #typed(key: string, expected: string, is: (value: unknown) => boolean, fix?: string): unknown {
    const value = this.#value[key]
    if (value === undefined || value === null) return undefined
    if (is(value)) return value
    this.problem([key], `is ${describe(value)}, expected ${expected}`, fix)
    return undefined
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'empty'
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`
}
