import { basename, dirname, join, normalize } from 'node:path'
import type { Manifest } from '../manifest.ts'

/** The file that kustomize looks for in a folder; it need not have a kind. */
export function isKustomizationFile(file: string): boolean {
  return /^kustomization(\.ya?ml)?$/i.test(basename(file))
}

/** An object that says how others are to be changed, and is nothing that a cluster knows. */
export function isKustomization({ content, file = '' }: Manifest): boolean {
  const { apiVersion, kind } = content
  if (apiVersion === undefined && kind === undefined) return isKustomizationFile(file)
  return String(apiVersion).startsWith('kustomize.config.k8s.io/')
}

/** Where a path stands that a kustomization names. */
export function besideKustomization({ file = '' }: Manifest, path: string): string {
  return join(dirname(file), path).replace(/\/$/, '')
}

/** Files that a kustomization of the set names as patches: what stands in them is part of an object, and none itself. */
export function patchFiles(manifests: readonly Manifest[]): ReadonlySet<string> {
  const files = manifests.filter(isKustomization).flatMap((manifest) =>
    patchesOf(manifest).flatMap((patch) => {
      const path = typeof patch === 'string' ? patch : patch['path']
      return typeof path === 'string' ? [besideKustomization(manifest, path)] : []
    }),
  )
  return new Set(files)
}

export function isPatch({ file }: Manifest, patches: ReadonlySet<string>): boolean {
  return file !== undefined && patches.has(normalize(file))
}

export const PATCH_FIELDS = ['patches', 'patchesStrategicMerge', 'patchesJson6902'] as const

/** A text is a file or the patch itself. */
export type Patch = string | Readonly<Record<string, unknown>>

export function patchesOf({ content }: Manifest, fields: readonly string[] = PATCH_FIELDS): readonly Patch[] {
  return fields.flatMap((field) => {
    const list = content[field]
    return Array.isArray(list) ? (list as unknown[]).filter((one) => isPatchForm(one)) : []
  })
}

function isPatchForm(value: unknown): value is Patch {
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}
