import type { Diagnostic } from '../diagnostic.ts'
import type { FieldPath } from '../manifest.ts'
import type { Ingress } from '../parse/ingress.ts'
import { noteAt, type Note } from '../parse/notes.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { LostClaim } from '../provenance.ts'
import type { CompileSettings } from '../settings.ts'
import type { Backends } from './backends.ts'
import type { Destination } from './model.ts'

/** What all steps of resolving share: what is known, and what is found on the way. */
export interface Joining {
  readonly objects: Objects
  readonly settings: CompileSettings
  readonly backends: Backends
  readonly diagnostics: Diagnostic[]
  readonly lost: LostClaim[]
  /** `--default-backend-service`, or the built-in 404. */
  readonly globalDefault: Destination
  /** Annotations may name objects of other namespaces. */
  readonly anyNamespace: boolean
}

export function note(joining: Joining, ingress: Ingress, field: FieldPath, finding: Note): void {
  joining.diagnostics.push(noteAt(ingress.manifest, ingress.ref, field, finding))
}

/** `file:line`, or the object's name where it came from a cluster. */
export function placeOf(ingress: Ingress, field: FieldPath = []): string {
  const { file } = ingress.manifest
  const position = ingress.manifest.at?.(field)
  const name = `${ingress.namespace}/${ingress.name}`
  return file === undefined || position === undefined ? name : `${name} (${file}:${position.line})`
}
