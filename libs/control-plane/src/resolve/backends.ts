import type { Backend, BackendId, Balance, CookieAffinity, ObjectRef } from '@postern/routing-table'
import { compareText } from '../diagnostic.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { BackendProvenance } from '../provenance.ts'
import type { CompileSettings } from '../settings.ts'
import type { BackendModel } from './model.ts'
import { backendId, objectsOf, reach, type BackendAddress, type Known, type Reach } from './endpoints.ts'

/** How a backend is used, as the oldest Ingress that says something about it has it. */
export interface BackendUse {
  balance?: Balance
  affinity?: CookieAffinity
  /** Who said so. */
  owners?: { readonly balance?: Ingress; readonly affinity?: Ingress }
}

interface Entry extends BackendUse {
  readonly id: BackendId
  readonly reach: Reach
  readonly known: Known
  readonly origin: ObjectRef
}

/** Answers of earlier compilations, as long as the objects behind them are the same. */
export type ReachMemory = Map<BackendId, { readonly known: Known; readonly reach: Reach }>

/** Collects the backends that routes refer to, each resolved once. */
export class Backends {
  readonly #entries = new Map<BackendId, Entry>()
  readonly #objects: Objects
  readonly #settings: CompileSettings
  readonly #memory: ReachMemory

  constructor(objects: Objects, settings: CompileSettings, memory: ReachMemory) {
    this.#objects = objects
    this.#settings = settings
    this.#memory = memory
  }

  /** The backend of a Service's port, and what stands in its way. */
  refer(address: BackendAddress): {
    readonly id: BackendId
    readonly use: BackendUse
    readonly reach: Reach
  } {
    const id = backendId(address)
    let entry = this.#entries.get(id)
    if (entry === undefined) this.#entries.set(id, (entry = this.#resolve(id, address)))
    return { id, use: entry, reach: entry.reach }
  }

  /** A backend whose addresses are already known: a Service's own address (`service-upstream`). */
  referTo(
    id: BackendId,
    found: Reach,
    address: BackendAddress,
  ): { readonly id: BackendId; readonly use: BackendUse } {
    let entry = this.#entries.get(id)
    if (entry === undefined) {
      const known = this.#knownOf(address)
      entry = { id, reach: this.#remembered(id, known, () => found), known, origin: originOf(known, address) }
      this.#entries.set(id, entry)
    }
    return { id, use: entry }
  }

  serviceOf({ namespace, service }: BackendAddress): Known['service'] {
    return this.#objects.services.get(`${namespace}/${service}`)
  }

  /** How a backend that was referred to before is used. */
  useOf(id: BackendId): BackendUse {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw new Error(`backend ${id} was never referred to`)
    return entry
  }

  get hasAffinity(): boolean {
    for (const { affinity } of this.#entries.values()) if (affinity !== undefined) return true
    return false
  }

  all(): readonly BackendModel[] {
    const entries = [...this.#entries.values()].sort((a, b) => compareText(a.id, b.id))
    return entries.map((entry) => ({
      id: entry.id,
      madeFrom: [entry.reach, entry.known.service, entry.balance, entry.affinity],
      make: () => toBackend(entry),
    }))
  }

  /** Ends the collection: answers that nobody asked for this time are not kept. */
  forgetOthers(): void {
    for (const id of this.#memory.keys()) if (!this.#entries.has(id)) this.#memory.delete(id)
  }

  provenance(): readonly BackendProvenance[] {
    return [...this.#entries.values()].map(({ id, reach: found, known }) => ({
      backend: id,
      source: found.source,
      objects: objectsOf(known),
      excluded: found.excluded,
      ...(found.problem && { reason: found.problem.message }),
    }))
  }

  #resolve(id: BackendId, address: BackendAddress): Entry {
    const known = this.#knownOf(address)
    return {
      id,
      reach: this.#remembered(id, known, () => reach(address, known)),
      known,
      origin: originOf(known, address),
    }
  }

  #remembered(id: BackendId, known: Known, find: () => Reach): Reach {
    const before = this.#memory.get(id)
    if (before !== undefined && sameKnown(before.known, known)) return before.reach
    const found = find()
    this.#memory.set(id, { known, reach: found })
    return found
  }

  #knownOf({ namespace, service }: BackendAddress): Known {
    const key = `${namespace}/${service}`
    return {
      service: this.#objects.services.get(key),
      slices: this.#objects.slices.get(key) ?? [],
      settings: this.#settings,
    }
  }
}

function originOf({ service }: Known, address: BackendAddress): ObjectRef {
  return service?.ref ?? { kind: 'Service', namespace: address.namespace, name: address.service }
}

function sameKnown(a: Known, b: Known): boolean {
  return (
    a.service === b.service &&
    a.slices.length === b.slices.length &&
    a.slices.every((slice, i) => slice === b.slices[i])
  )
}

function toBackend({ id, reach: found, origin, balance, affinity }: Entry): Backend {
  return {
    id,
    endpoints: found.endpoints,
    balance: balance ?? { kind: 'round-robin' },
    ...(affinity && { affinity }),
    ...(found.dns && { dns: found.dns }),
    origin,
  }
}
