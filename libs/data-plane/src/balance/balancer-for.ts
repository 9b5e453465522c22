import type { Backend } from '@postern/routing-table'
import type { FilterServices } from '../filter.ts'
import type { Balancer } from '../prepared.ts'
import { consistentHash } from './consistent-hash.ts'
import { cookieAffinity } from './cookie-affinity.ts'
import { ewma } from './ewma.ts'
import { roundRobin } from './round-robin.ts'

/** The balancer that a backend asks for; the one that it had before when it asks for the same. */
export function balancerFor(backend: Backend, { clock, runtime }: FilterServices): Balancer {
  const key = `balancer ${backend.id} ${JSON.stringify([backend.balance, backend.affinity])}`
  return runtime.get(key, () => {
    if (backend.affinity !== undefined) return cookieAffinity(backend.affinity, backend.id, clock)
    switch (backend.balance.kind) {
      case 'round-robin':
        return roundRobin()
      case 'ewma':
        return ewma(clock)
      case 'hash':
        return consistentHash(backend.balance)
    }
  })
}
