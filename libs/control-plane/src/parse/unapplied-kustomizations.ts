import { dirname, normalize } from 'node:path'
import type { Diagnostic } from '../diagnostic.ts'
import type { Manifest } from '../manifest.ts'
import { KINDS } from './kinds.ts'
import { besideKustomization, isKustomization, PATCH_FIELDS, patchesOf, type Patch } from './kustomization.ts'

/** What changes or makes objects that have a say in routing, whatever else it does. Images, labels and replicas do not. */
const TELLING = [
  ...[
    'namespace',
    'namePrefix',
    'nameSuffix',
    'commonAnnotations',
    'secretGenerator',
    'replacements',
    'vars',
  ],
  ...['generators', 'transformers', 'helmCharts'],
]

/**
 * Files count as they are written: a kustomization is not carried out. One finding for each that would give routing other
 * objects than its files hold, and none for one that only lists files or changes what runs in Pods.
 */
export function unappliedKustomizations(manifests: readonly Manifest[]): readonly Diagnostic[] {
  const all = manifests.filter(isKustomization)
  if (all.length === 0) return []
  const files = Map.groupBy(manifests, ({ file = '' }) => normalize(file))
  const folders = new Map(all.map((one) => [dirname(normalize(one.file ?? '')), one]))
  // A component cannot be built alone: it is told of where it is used.
  const built = all.filter(({ content }) => content['kind'] !== 'Component')
  return built.flatMap((one) => (isLeftOut(one, all, folders) ? [] : finding(one, { files, folders })))
}

/** A variant that lies inside the folder of another kustomization, which does without it, as everybody does. */
function isLeftOut(
  manifest: Manifest,
  all: readonly Manifest[],
  folders: ReadonlyMap<string, Manifest>,
): boolean {
  const folder = dirname(normalize(manifest.file ?? ''))
  const isInside = [...folders.keys()].some(
    (outer) => folder.startsWith(outer === '.' ? '' : `${outer}/`) && outer !== folder,
  )
  return isInside && !all.some((one) => resourcesOf(one).includes(folder))
}

function resourcesOf(manifest: Manifest): readonly string[] {
  return resourceTexts(manifest).map((path) => besideKustomization(manifest, path))
}

interface Written {
  readonly files: ReadonlyMap<string, readonly Manifest[]>
  /** The kustomizations by where they stand. */
  readonly folders: ReadonlyMap<string, Manifest>
}

function finding(manifest: Manifest, written: Written): readonly Diagnostic[] {
  const { content, file = '' } = manifest
  const fields = Object.keys(content).filter((field) => isTelling(manifest, field, written))
  const absent = absentResources(manifest, written)
  const [field = 'resources'] = fields
  const parts = [
    ...(fields.length === 0
      ? []
      : [`not applied, since files count as they are written: ${fields.join(', ')}`]),
    ...(absent.length === 0 ? [] : [`not among these manifests: ${absent.join(', ')}`]),
  ]
  if (parts.length === 0) return []
  return [
    {
      severity: 'warning',
      code: 'kustomization-not-applied',
      message: parts.join('; '),
      fix: `give what it makes, as kustomize build ${dirname(file)} | postern check -`,
      ...{ field, file, ...manifest.at?.([field]) },
    },
  ]
}

function isTelling(manifest: Manifest, field: string, written: Written): boolean {
  if (field === 'components')
    return texts(manifest.content[field]).some((path) => changes(path, manifest, written))
  if (PATCH_FIELDS.some((one) => one === field))
    return patchesOf(manifest, [field]).some((patch) => isOfRouting(patch, manifest, written))
  return TELLING.includes(field)
}

function changes(path: string, manifest: Manifest, written: Written): boolean {
  const component = written.folders.get(besideKustomization(manifest, path))
  const fields = Object.keys(component?.content ?? {}).filter((field) => field !== 'components')
  return component !== undefined && fields.some((field) => isTelling(component, field, written))
}

/** Whether a patch is of a kind that routing reads. One that does not say its kind may be. */
function isOfRouting(patch: Patch, manifest: Manifest, { files }: Written): boolean {
  const { target, path, patch: inline } = typeof patch === 'string' ? { path: patch, patch } : patch
  const kind = typeof target === 'object' && target !== null && 'kind' in target ? target.kind : undefined
  // kustomize takes it for a regular expression.
  if (typeof kind === 'string') return kind.split('|').some(isKindOfRouting)
  const inFile = typeof path === 'string' ? (files.get(besideKustomization(manifest, path)) ?? []) : []
  const inText = typeof inline === 'string' ? /^kind:\s*(\w+)/m.exec(inline)?.[1] : undefined
  const kinds = [...inFile.map(({ content }) => content['kind']), ...(inText === undefined ? [] : [inText])]
  return kinds.length === 0 || kinds.some(isKindOfRouting)
}

function isKindOfRouting(kind: unknown): boolean {
  return typeof kind === 'string' && Object.hasOwn(KINDS, kind)
}

/** What it builds on and nobody gave: another folder, an address. */
function absentResources(manifest: Manifest, { files }: Written): readonly string[] {
  return resourceTexts(manifest).filter((path) => {
    const place = besideKustomization(manifest, path)
    return !files.has(place) && ![...files.keys()].some((file) => file.startsWith(`${place}/`))
  })
}

function resourceTexts({ content }: Manifest): readonly string[] {
  return ['resources', 'bases', 'components'].flatMap((field) => texts(content[field]))
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
