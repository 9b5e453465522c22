import { PREFIX } from '../annotations/features.ts'
import { Refusal } from '../annotations/value.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { Ingress } from '../parse/ingress.ts'
import { noteAt, type Note } from '../parse/notes.ts'

/** What is found while an Ingress is planned, and whether its paths must be denied. The first reason counts. */
export class PlanVerdict {
  readonly diagnostics: Diagnostic[] = []
  denied: string | undefined
  readonly #ingress: Ingress

  constructor(ingress: Ingress, denied: string | undefined) {
    this.#ingress = ingress
    this.denied = denied
  }

  add(key: string, note: Note): void {
    const { manifest, ref } = this.#ingress
    this.diagnostics.push(noteAt(manifest, ref, ['metadata', 'annotations', PREFIX + key], note))
  }

  take(findings: readonly { readonly key: string; readonly note: Note }[], denied?: string): void {
    for (const { key, note } of findings) this.add(key, note)
    this.denied ??= denied
  }

  /** The value; or nothing, and the paths are denied. */
  orDeny<T>(value: T | Refusal, key: string): T | undefined {
    if (!(value instanceof Refusal)) return value
    this.denied ??= value.problem
    const message = `${value.problem}; so all paths of this Ingress answer 503`
    // One Secret may be asked for by several features.
    if (this.diagnostics.some((one) => one.message === message)) return undefined
    this.add(value.key ?? key, { code: 'annotation-denies', message, fix: value.fix ?? 'correct it' })
    return undefined
  }
}
