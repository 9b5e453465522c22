import type { ObjectRef } from '@postern/routing-table'
import type { Diagnostic } from '../diagnostic.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Manifest } from '../manifest.ts'
import type { ConfigMap } from './config-map.ts'
import type { EndpointSlice } from './endpoint-slice.ts'
import type { Endpoints } from './endpoints.ts'
import { Fields } from './fields.ts'
import type { IngressClass } from './ingress-class.ts'
import type { Ingress } from './ingress.ts'
import { KINDS, OLD_VERSIONS, type Kind } from './kinds.ts'
import { Notes } from './notes.ts'
import type { ParsedObject } from './parsed-object.ts'
import type { Secret } from './secret.ts'
import type { Service } from './service.ts'

/** An object of a kind that has a say in routing. */
export type RoutingObject =
  | { readonly kind: 'Ingress'; readonly object: Ingress }
  | { readonly kind: 'IngressClass'; readonly object: IngressClass }
  | { readonly kind: 'Service'; readonly object: Service }
  | { readonly kind: 'EndpointSlice'; readonly object: EndpointSlice }
  | { readonly kind: 'Endpoints'; readonly object: Endpoints }
  | { readonly kind: 'Secret'; readonly object: Secret }
  | { readonly kind: 'ConfigMap'; readonly object: ConfigMap }

export interface ParsedManifest {
  /** `Kind namespace/name`; absent for kinds that have no say in routing. */
  readonly key?: string
  /** Absent when an error was found: the API server would refuse the object. */
  readonly parsed?: RoutingObject
  readonly diagnostics: readonly Diagnostic[]
}

/** One object, parsed as the API server would: unknown → typed, or reasons why not. */
export function parseManifest(manifest: Manifest): ParsedManifest {
  const { kind, apiVersion } = manifest.content
  const known = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? (kind as Kind) : undefined
  const notes = new Notes(manifest, refOf(manifest, known))
  const fields = new Fields(manifest.content, [], notes)
  if (known === undefined || KINDS[known].apiVersion !== apiVersion) {
    noteNearMiss(kind, apiVersion, fields)
    return { diagnostics: notes.diagnostics }
  }
  const base = parseBase(manifest, notes, fields)
  const object = KINDS[known].parse(base, fields)
  const key = `${known} ${base.namespace}/${base.name}`
  if (notes.failed) return { key, diagnostics: notes.diagnostics }
  return { key, parsed: { kind: known, object } as RoutingObject, diagnostics: notes.diagnostics }
}

function parseBase(manifest: Manifest, notes: Notes, fields: Fields): ParsedObject {
  const metadata = fields.fields('metadata')
  const name = metadata?.text('name')
  if (name === undefined || name === '')
    fields.problem(['metadata', 'name'], 'is missing', 'give the object a name')
  const createdAt = metadata?.text('creationTimestamp')
  return {
    ref: notes.object,
    manifest,
    namespace: notes.object.namespace,
    name: name ?? '',
    ...(createdAt !== undefined && { createdAt }),
    labels: metadata?.textMap('labels') ?? new Map(),
    annotations: metadata?.textMap('annotations') ?? new Map(),
  }
}

function refOf({ content, file, at }: Manifest, kind: Kind | undefined): ObjectRef {
  const metadata = content['metadata'] as { name?: unknown; namespace?: unknown } | null | undefined
  const namespace =
    typeof metadata?.namespace === 'string' && metadata.namespace !== '' ? metadata.namespace : 'default'
  return {
    kind: kind ?? String(content['kind']),
    namespace: kind !== undefined && !KINDS[kind].namespaced ? '' : namespace,
    name: typeof metadata?.name === 'string' ? metadata.name : '(without name)',
    ...(file !== undefined && { file }),
    ...at?.([]),
  }
}

/** Silence is for kinds that have nothing to do with routing, not for slips of the pen. */
function noteNearMiss(kind: unknown, apiVersion: unknown, fields: Fields): void {
  const old = OLD_VERSIONS[`${String(apiVersion)} ${String(kind)}`]
  if (old !== undefined) {
    const fix = `write it as ${KINDS[old].apiVersion} (kubectl convert does it)`
    fields.note(['apiVersion'], {
      code: 'removed-api-version',
      message: `Kubernetes has removed ${String(apiVersion)} for ${old}`,
      fix,
    })
  } else if (typeof kind === 'string' && Object.hasOwn(KINDS, kind) && isOfKubernetes(apiVersion)) {
    const fix = `write apiVersion: ${KINDS[kind as Kind].apiVersion}`
    fields.note(['apiVersion'], {
      code: 'unknown-api-version',
      message: `there is no ${kind} in ${String(apiVersion)}`,
      fix,
    })
  } else if (typeof kind === 'string' && !Object.hasOwn(KINDS, kind)) {
    const right = Object.keys(KINDS).find(
      (known) => known !== kind && known.toLowerCase() === kind.toLowerCase(),
    )
    const near = right ?? (isOurs(apiVersion) ? didYouMean(kind, Object.keys(KINDS)) : undefined)
    if (near !== undefined && !REAL_KINDS.has(kind)) {
      fields.note(['kind'], {
        severity: 'warning',
        code: 'unknown-kind',
        message: `no kind is called ${kind}, so this object is passed over`,
        fix: `did you mean ${near}?`,
      })
    }
  }
}

// Other people's Ingress or Service (knative's serving.knative.dev/v1 Service) is none of our business.
function isOfKubernetes(apiVersion: unknown): boolean {
  return (
    typeof apiVersion !== 'string' ||
    !apiVersion.includes('.') ||
    apiVersion.split('/')[0]?.endsWith('.k8s.io') === true
  )
}

function isOurs(apiVersion: unknown): boolean {
  return apiVersion === undefined || Object.values(KINDS).some((known) => known.apiVersion === apiVersion)
}

const REAL_KINDS = new Set([
  'Pod',
  'Node',
  'Namespace',
  'Event',
  'Binding',
  'ServiceAccount',
  'ServiceCIDR',
  'IPAddress',
  'NetworkPolicy',
])
