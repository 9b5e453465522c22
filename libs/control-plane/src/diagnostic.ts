import type { ObjectRef } from '@postern/routing-table'

/**
 * One finding about somebody's manifests. `message` says what is wrong and what follows from it, `fix` what to do.
 * - `error`: something the author wrote is not in force.
 * - `warning`: it is in force, but probably not as meant.
 * - `info`: good to know.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info'
  /** Stable, kebab-case. */
  readonly code: string
  readonly message: string
  readonly fix?: string
  readonly object?: ObjectRef
  /** Path inside the object, as `spec.rules[0].host`. */
  readonly field?: string
  readonly file?: string
  /** From 1. */
  readonly line?: number
  /** From 1. */
  readonly column?: number
}

/** Whatever was understood, with what was not. Bad input never throws. */
export interface Judged<T> {
  readonly value: T
  readonly diagnostics: readonly Diagnostic[]
}

/** One line: `file:line:column severity code Kind namespace/name field: message — what to do`. */
export function formatDiagnostic(d: Diagnostic): string {
  const place = [d.file, d.line, d.column].filter((part) => part !== undefined).join(':')
  const object =
    d.object && `${d.object.kind} ${d.object.namespace ? `${d.object.namespace}/` : ''}${d.object.name}`
  const head = [place, d.severity, d.code, object, d.field].filter(Boolean).join(' ')
  return `${head}: ${d.message}${d.fix === undefined ? '' : ` — ${d.fix}`}`
}

const RANK = { error: 0, warning: 1, info: 2 }

/** By file and place, then by weight: the same findings always print in the same order. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    RANK[a.severity] - RANK[b.severity] ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  )
}

/** By UTF-16 code unit: does not depend on the machine's language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
