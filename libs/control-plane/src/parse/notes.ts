import type { ObjectRef } from '@postern/routing-table'
import type { Diagnostic } from '../diagnostic.ts'
import { formatField, type FieldPath, type Manifest } from '../manifest.ts'

export interface Note {
  readonly severity?: Diagnostic['severity']
  readonly code: string
  readonly message: string
  readonly fix?: string
}

/** A finding about a field of an object, with its place in the file. An error unless it says otherwise. */
export function noteAt(manifest: Manifest, object: ObjectRef, path: FieldPath, note: Note): Diagnostic {
  const position = manifest.at?.(path)
  return {
    severity: note.severity ?? 'error',
    code: note.code,
    message: note.message,
    ...(note.fix !== undefined && { fix: note.fix }),
    object,
    ...(path.length > 0 && { field: formatField(path) }),
    ...(manifest.file !== undefined && { file: manifest.file }),
    ...(position !== undefined && { line: position.line, column: position.column }),
  }
}

/** Collects what is found while one object is read. */
export class Notes {
  readonly manifest: Manifest
  readonly object: ObjectRef
  readonly diagnostics: Diagnostic[] = []

  constructor(manifest: Manifest, object: ObjectRef) {
    this.manifest = manifest
    this.object = object
  }

  /** True once an error was found: the API server would refuse such an object, and so do we. */
  get failed(): boolean {
    return this.diagnostics.some((d) => d.severity === 'error')
  }

  add(path: FieldPath, note: Note): void {
    this.diagnostics.push(noteAt(this.manifest, this.object, path, note))
  }
}
