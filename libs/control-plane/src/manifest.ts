import type { Diagnostic } from './diagnostic.ts'

/** Where a field stands. Both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export type FieldPath = readonly (string | number)[]

/**
 * One object as it was written, not yet judged. Its identity stays the same as long as its file does, so that whatever
 * was derived from it can be kept.
 */
export interface Manifest {
  readonly content: Readonly<Record<string, unknown>>
  readonly file?: string
  /** Place of a field, or of its nearest ancestor that exists. Absent when the object came over the network. */
  readonly at?: (path: FieldPath) => Position
}

/** All that a source knows at one moment, with what it could not read. */
export interface ManifestSet {
  readonly manifests: readonly Manifest[]
  readonly diagnostics: readonly Diagnostic[]
  /** Nothing of what was named exists: empty for want of a place to read from, not because nobody wrote anything. */
  readonly isAbsent?: boolean
}

/** `['spec', 'rules', 0, 'host']` as `spec.rules[0].host`; keys that are no plain words stand in brackets. */
export function formatField(path: FieldPath): string {
  let text = ''
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else if (/^[A-Za-z_][\w-]*$/.test(key)) text += text === '' ? key : `.${key}`
    else text += `["${key}"]`
  }
  return text
}
