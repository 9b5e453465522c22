import { parseAllDocuments } from 'yaml'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from './kube-object.ts'

/** Folder of the repository. */
export const ROOT = join(import.meta.dirname, '../..')

export interface ReadObject {
  /** From the repository's root. */
  readonly file: string
  readonly object: KubeObject
}

/** Every object of the YAML files that `pattern` (from the repository's root) finds, kustomize's own files left out. */
export function readManifests(pattern: string): readonly ReadObject[] {
  return globSync(pattern, { cwd: ROOT })
    .sort()
    .flatMap((file) =>
      parseManifests(readFileSync(join(ROOT, file), 'utf8'), file).map((object) => ({ file, object })),
    )
    .filter(({ object }) => !object.apiVersion.startsWith('kustomize.config.k8s.io/'))
}

/** The objects of one file. @throws Error naming file, line and column of what is not YAML. */
export function parseManifests(text: string, file: string): readonly KubeObject[] {
  return parseAllDocuments(text, { merge: true }).flatMap((document) => {
    const [error] = document.errors
    if (error !== undefined) throw new Error(`${file}: ${error.message}`)
    const object = document.toJS() as KubeObject | null
    return object === null ? [] : [object]
  })
}
