import {
  didYouMean,
  ManifestParser,
  type Manifest,
  type ManifestSet,
  type Objects,
  type Service,
} from '@postern/control-plane'
import { asObject, asTexts, readWorkload, type Workload } from './workload.ts'

/** Everything that manifests say about routing and about the Pods behind it. */
export interface World {
  readonly manifests: readonly Manifest[]
  readonly objects: Objects
  readonly workloads: readonly Workload[]
}

export function readWorld({ manifests }: ManifestSet): World {
  return {
    manifests,
    objects: new ManifestParser().parse(manifests).value,
    workloads: manifests.flatMap((manifest) => readWorkload(manifest) ?? []),
  }
}

/** The labels that a Service looks for; undefined when it has no selector, and its endpoints are written by hand. */
export function selectorOf({ manifest }: Service): Readonly<Record<string, string>> | undefined {
  const selector = asTexts(asObject(manifest.content['spec'])['selector'])
  return Object.keys(selector).length === 0 ? undefined : selector
}

/** How a workload's Pods stand to a Service: which labels of its selector they lack. Empty: the Service finds them. */
export interface Match {
  readonly workload: Workload
  readonly missing: readonly string[]
}

// The label that says what a Pod is; the others say which of them.
const IDENTITY = ['app', 'app.kubernetes.io/name', 'k8s-app', 'name']

/**
 * Workloads of the Service's namespace that its selector finds, or was probably meant to find: the label that names the
 * app fits (or is a slip of the pen away), and another is missing. Best first.
 */
export function matchWorkloads(service: Service, workloads: readonly Workload[]): readonly Match[] {
  const wanted = Object.entries(selectorOf(service) ?? {})
  return workloads
    .filter(({ ref }) => ref.namespace === service.namespace)
    .map((workload) => {
      const missing = wanted.filter(([key, value]) => workload.labels[key] !== value)
      return { workload, missing: missing.map(([key, value]) => `${key}=${value}`) }
    })
    .filter(
      ({ workload, missing }) => wanted.length > 0 && (missing.length === 0 || isMeant(wanted, workload)),
    )
    .sort((a, b) => a.missing.length - b.missing.length)
}

/** The Pods that a Service finds. */
export function selected(service: Service, workloads: readonly Workload[]): readonly Workload[] {
  return matchWorkloads(service, workloads).flatMap(({ workload, missing }) =>
    missing.length === 0 ? [workload] : [],
  )
}

function isMeant(wanted: readonly (readonly [string, string])[], { labels }: Workload): boolean {
  const identity = wanted.find(([key]) => IDENTITY.includes(key))
  if (identity === undefined) return wanted.some(([key, value]) => labels[key] === value)
  const [key, value] = identity
  const own = labels[key]
  return own === value || (own !== undefined && didYouMean(value, [own]) !== undefined)
}
