import type { BackendId, VirtualHost } from '@postern/routing-table'
import type { Changes } from './changes.ts'
import type { FilterServices } from './filter.ts'
import type { Holdings } from './holdings.ts'
import { closedHost, prepareHost, type AffinityOf } from './prepare-parts.ts'
import type { PreparedHost } from './prepared.ts'
import { SecondChance } from './second-chance.ts'
import { Shelf, type Lookup } from './shelf.ts'

interface Slot {
  readonly host: VirtualHost
  prepared: PreparedHost | undefined
  wasAsked: boolean
  isGone: boolean
}

// A host of five routes takes some 10 KiB once it is prepared, and a few hundred bytes before.
const MOST_PREPARED = 2_048

/**
 * The hosts of the table in use, each prepared when a request first asks for it, and only so many at a time: a gateway
 * with 10,000 hosts is busy with few of them.
 */
export class PreparedHosts {
  readonly #services: FilterServices
  readonly #holdings: Holdings
  readonly #affinityOf: AffinityOf
  readonly #kept = new SecondChance<Slot>(MOST_PREPARED)
  /** Prepared ones with a canary, which follows the affinity of a backend. */
  readonly #canaries = new Set<Slot>()
  #slots = new Shelf<Slot>()
  #wildcards = 0

  constructor(services: FilterServices, holdings: Holdings, affinityOf: AffinityOf) {
    this.#services = services
    this.#holdings = holdings
    this.#affinityOf = affinityOf
  }

  /** Whether any host in use would notice another affinity. */
  get followsAffinities(): boolean {
    return this.#canaries.size > 0
  }

  /** `turned`: backends whose affinity is another one. */
  replace({ gone, come }: Changes<VirtualHost>, turned: ReadonlySet<BackendId>): void {
    const before = this.#slots
    const following = [...this.#canaries].filter((slot) => hasCanaryOf(slot, turned))
    const patterns = gone.map(({ host }) => host as string)
    const again = following.filter(({ host }) => !gone.includes(host)).map(({ host }) => host)
    const slots = [...come, ...again].map((host): Slot => ({
      ...{ host, prepared: undefined, wasAsked: false, isGone: false },
    }))
    this.#slots = before.after(
      patterns,
      slots.map((slot) => [slot.host.host, slot]),
    )
    const old = patterns.flatMap((pattern) => before.get(pattern) ?? [])
    for (const slot of [...old, ...following]) this.#forget(slot)
    for (const host of gone) {
      const successor = this.#slots.get(host.host)
      if (successor !== undefined) this.#holdings.inherit(successor.host, host)
      this.#holdings.release(host)
    }
    this.#wildcards += come.filter(isWildcard).length - gone.filter(isWildcard).length
  }

  lookup(): Lookup<string, PreparedHost> & { readonly wildcards: number } {
    const slots = this.#slots
    return {
      size: slots.size,
      wildcards: this.#wildcards,
      get: (pattern) => {
        const slot = slots.get(pattern)
        if (slot === undefined) return undefined
        slot.wasAsked = true
        return slot.prepared ?? this.#prepare(slot)
      },
    }
  }

  #prepare(slot: Slot): PreparedHost {
    const { host } = slot
    if (slot.isGone) return this.#holdings.borrow(() => this.#open(host))
    const prepared = this.#holdings.hold(host, () => this.#open(host))
    slot.prepared = prepared
    if (prepared.routes.some(({ chooseBackend }) => chooseBackend !== undefined)) this.#canaries.add(slot)
    const leaving = this.#kept.add(slot)
    // Its states stay: it is still in the table.
    if (leaving !== undefined) this.#letGo(leaving)
    return prepared
  }

  #open(host: VirtualHost): PreparedHost {
    try {
      return prepareHost(host, this.#affinityOf, this.#services)
    } catch (error) {
      const reason = `the host cannot be prepared: ${error instanceof Error ? error.message : String(error)}`
      this.#services.warn(`${host.host} answers 503: ${reason}`)
      return closedHost(host, reason)
    }
  }

  #forget(slot: Slot): void {
    slot.isGone = true
    this.#letGo(slot)
  }

  #letGo(slot: Slot): void {
    slot.prepared = undefined
    slot.wasAsked = false
    this.#canaries.delete(slot)
  }
}

function isWildcard({ host }: VirtualHost): boolean {
  return host.startsWith('*.')
}

function hasCanaryOf({ prepared }: Slot, turned: ReadonlySet<BackendId>): boolean {
  return (prepared?.routes ?? []).some(
    ({ route: { target } }) =>
      target.kind === 'backend' && target.canary !== undefined && turned.has(target.backend),
  )
}
