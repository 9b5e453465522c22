import type { Diagnostic } from '../diagnostic.ts'
import type { Manifest } from '../manifest.ts'
import type { ConfigMap } from './config-map.ts'
import type { EndpointSlice } from './endpoint-slice.ts'
import type { IngressClass } from './ingress-class.ts'
import type { Ingress } from './ingress.ts'
import { isPatch, patchFiles } from './kustomization.ts'
import { noteAt } from './notes.ts'
import { parseManifest, type ParsedManifest, type RoutingObject } from './parse-manifest.ts'
import type { Secret } from './secret.ts'
import type { Service } from './service.ts'
import { unappliedKustomizations } from './unapplied-kustomizations.ts'

/** All objects that have a say in routing, by `namespace/name`, in the order of the source. */
export interface Objects {
  readonly ingresses: ReadonlyMap<string, Ingress>
  readonly classes: ReadonlyMap<string, IngressClass>
  readonly services: ReadonlyMap<string, Service>
  /** By `namespace/service`. */
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>
  readonly secrets: ReadonlyMap<string, Secret>
  readonly configMaps: ReadonlyMap<string, ConfigMap>
}

/** Keeps what was parsed per manifest, and the last good form of objects that went bad. */
export class ManifestParser {
  readonly #parsed = new WeakMap<Manifest, ParsedManifest>()
  #lastGood: ReadonlyMap<string, RoutingObject> = new Map()

  parse(manifests: readonly Manifest[]): {
    readonly value: Objects
    readonly diagnostics: readonly Diagnostic[]
  } {
    const diagnostics: Diagnostic[] = [...unappliedKustomizations(manifests)]
    const good = new Map<string, RoutingObject>()
    const patches = patchFiles(manifests)
    for (const manifest of manifests) {
      // As an object it would take the place of the one that it changes a little.
      if (isPatch(manifest, patches)) continue
      const { key, parsed, diagnostics: found } = this.#parseOnce(manifest)
      diagnostics.push(...found)
      if (key === undefined) continue
      const object = parsed ?? this.#lastGood.get(key)
      if (object === undefined) continue
      if (parsed === undefined) diagnostics.push(lastGoodDiagnostic(manifest, object))
      const twin = good.get(key)
      if (parsed !== undefined && twin !== undefined) diagnostics.push(twinDiagnostic(parsed, twin))
      if (parsed !== undefined || twin === undefined) good.set(key, object)
    }
    this.#lastGood = good
    return { value: sortOut(good.values()), diagnostics }
  }

  #parseOnce(manifest: Manifest): ParsedManifest {
    let parsed = this.#parsed.get(manifest)
    if (parsed === undefined) this.#parsed.set(manifest, (parsed = parseManifest(manifest)))
    return parsed
  }
}

function sortOut(objects: Iterable<RoutingObject>): Objects {
  const slices = new Map<string, EndpointSlice[]>()
  const mirrored = new Map<string, readonly EndpointSlice[]>()
  const sorted = {
    ingresses: new Map<string, Ingress>(),
    classes: new Map<string, IngressClass>(),
    services: new Map<string, Service>(),
    slices,
    secrets: new Map<string, Secret>(),
    configMaps: new Map<string, ConfigMap>(),
  }
  for (const found of objects) {
    const key = `${found.object.namespace}/${found.object.name}`
    switch (found.kind) {
      case 'Ingress':
        sorted.ingresses.set(key, found.object)
        break
      case 'IngressClass':
        sorted.classes.set(found.object.name, found.object)
        break
      case 'Service':
        sorted.services.set(key, found.object)
        break
      case 'Secret':
        sorted.secrets.set(key, found.object)
        break
      case 'ConfigMap':
        sorted.configMaps.set(key, found.object)
        break
      case 'Endpoints':
        mirrored.set(key, found.object.slices)
        break
      case 'EndpointSlice':
        addSlice(slices, found.object)
    }
  }
  // `kubectl get -o yaml` prints Endpoints and the EndpointSlices of the same Pods: the latter say more.
  for (const [key, own] of mirrored) if (!slices.has(key)) slices.set(key, [...own])
  return sorted
}

function addSlice(slices: Map<string, EndpointSlice[]>, slice: EndpointSlice): void {
  if (slice.service === undefined) return
  const key = `${slice.namespace}/${slice.service}`
  const neighbours = slices.get(key)
  if (neighbours === undefined) slices.set(key, [slice])
  else neighbours.push(slice)
}

function lastGoodDiagnostic(manifest: Manifest, { object }: RoutingObject): Diagnostic {
  const message = 'this object has errors, so its last good form stays in force'
  return noteAt(manifest, object.ref, [], { severity: 'info', code: 'last-good-kept', message })
}

/** `kubectl apply` of both would leave the later one in force; so do we. */
function twinDiagnostic(later: RoutingObject, earlier: RoutingObject): Diagnostic {
  const { file, line } = earlier.object.ref
  const message = `this object also stands in ${file ?? 'the cluster'}${line === undefined ? '' : `:${line}`}; the later one, this, is in force`
  return noteAt(later.object.manifest, later.object.ref, ['metadata', 'name'], {
    severity: 'warning',
    code: 'object-twice',
    message,
    fix: 'keep one of them',
  })
}
