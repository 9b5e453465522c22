import type { Backend, BackendId, CookieAffinity } from '@postern/routing-table'
import type { Changes } from './changes.ts'
import type { FilterServices } from './filter.ts'
import type { Holdings } from './holdings.ts'
import { prepareBackend } from './prepare-parts.ts'
import type { PreparedBackend } from './prepared.ts'
import { UsedEndpoints } from './runtime/used-endpoints.ts'
import { Shelf, type Lookup } from './shelf.ts'

interface Slot {
  readonly backend: Backend
  prepared: PreparedBackend | undefined
  /** The table in use does not have it any more; requests on their way may still ask. */
  isGone: boolean
}

/** The backends of the table in use, each prepared when a request first asks for it. */
export class PreparedBackends {
  /** Where requests may have been sent. */
  readonly endpoints = new UsedEndpoints()
  readonly #services: FilterServices
  readonly #holdings: Holdings
  #slots = new Shelf<Slot>()

  constructor(services: FilterServices, holdings: Holdings) {
    this.#services = services
    this.#holdings = holdings
  }

  affinityOf(id: BackendId): CookieAffinity | undefined {
    return this.#slots.get(id)?.backend.affinity
  }

  /** True when a backend that requests had asked for is gone or says something else. */
  replace({ gone, come }: Changes<Backend>): boolean {
    const before = this.#slots
    const slots = come.map((backend): Slot => ({ backend, prepared: undefined, isGone: false }))
    this.#slots = before.after(
      gone.map(({ id }) => id),
      slots.map((slot) => [slot.backend.id, slot]),
    )
    let wasUsed = false
    for (const backend of gone) {
      const slot = before.get(backend.id)
      const successor = this.#slots.get(backend.id)
      if (successor !== undefined) this.#holdings.inherit(successor.backend, backend)
      this.#holdings.release(backend)
      if (slot === undefined) continue
      slot.isGone = true
      if (slot.prepared === undefined) continue
      this.endpoints.remove(slot.prepared.backend)
      wasUsed = true
      // What it still has stays in use, connections and numbers.
      if (successor !== undefined) this.#prepare(successor)
    }
    return wasUsed
  }

  /** As they are now: the next `replace` changes nothing for whoever has it. */
  lookup(): Lookup<BackendId, PreparedBackend> {
    const slots = this.#slots
    return {
      size: slots.size,
      get: (id) => {
        const slot = slots.get(id)
        return slot && (slot.prepared ?? this.#prepare(slot))
      },
    }
  }

  #prepare(slot: Slot): PreparedBackend {
    const { backend } = slot
    const prepare = (): PreparedBackend => prepareBackend(backend, this.#services)
    if (slot.isGone) return (slot.prepared = this.#holdings.borrow(prepare))
    slot.prepared = this.#holdings.hold(backend, prepare)
    this.endpoints.add(slot.prepared.backend)
    return slot.prepared
  }
}
