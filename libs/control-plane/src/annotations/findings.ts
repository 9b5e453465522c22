import type { Diagnostic } from '../diagnostic.ts'
import type { Ingress } from '../parse/ingress.ts'
import { noteAt, type Note } from '../parse/notes.ts'
import type { Key } from './feature.ts'
import { PREFIX } from './features.ts'

/** Collects what is found about the annotations of one Ingress, each with its place. */
export class Findings {
  readonly diagnostics: Diagnostic[] = []
  denied: string | undefined
  readonly #ingress: Ingress

  constructor(ingress: Ingress) {
    this.#ingress = ingress
  }

  add(name: string, note: Note): void {
    this.diagnostics.push(
      noteAt(this.#ingress.manifest, this.#ingress.ref, ['metadata', 'annotations', name], note),
    )
  }

  deny(key: string, problem: string): void {
    this.denied ??= `annotation ${key} cannot be understood`
    this.add(wholeName(key), {
      code: 'annotation-denies',
      message: `${problem}; it guards the paths of this Ingress, so they all answer 503`,
      fix: 'correct the value',
    })
  }

  ignore(key: string, problem: string, instead: string): void {
    this.add(wholeName(key), {
      code: 'annotation-value',
      message: `${problem}; ${instead}`,
      fix: 'correct the value',
    })
  }

  /** What a good value does not do. */
  remark(key: string, { verdict }: Key<unknown>, text: string): void {
    if (verdict.kind !== 'no-op') return
    const isAskedFor =
      verdict.unless !== undefined && this.#ingress.annotations.has(wholeName(verdict.unless))
    if (verdict.happens === text || isAskedFor) return
    this.add(wholeName(key), {
      severity: 'info',
      code: 'annotation-no-op',
      message: `accepted without effect: ${verdict.because}`,
    })
  }
}

/** Names of our own annotations come with their prefix. */
function wholeName(key: string): string {
  return key.includes('/') ? key : PREFIX + key
}
