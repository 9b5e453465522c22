import { createHash, randomBytes } from 'node:crypto'
import type { BackendId, CookieAffinity, Endpoint } from '@postern/routing-table'
import { readCookie } from '../cookies.ts'
import type { Clock } from '../filter.ts'
import type { Journey } from '../journey.ts'
import type { Balancer } from '../prepared.ts'
import { affinityCookie } from './affinity-cookie.ts'
import { ringsByList } from './hash-ring.ts'
import { endpointKey, isSame, untried } from './untried.ts'

/**
 * Sends a client back to the endpoint that it had, by a cookie `key|hash of the backend`. `balanced` moves some clients
 * when endpoints come, because keys are hashed; `persistent` never moves a client while its endpoint is there.
 */
export function cookieAffinity(affinity: CookieAffinity, id: BackendId, clock: Clock): Balancer {
  const ringOf = ringsByList()
  const owner = backendHash(id)
  const byKey = (endpoints: readonly Endpoint[], key: string): Endpoint | undefined =>
    affinity.mode === 'balanced'
      ? ringOf(endpoints).find(key)
      : endpoints.find((endpoint) => persistentKey(endpoint) === key)

  const choose = (
    endpoints: readonly Endpoint[],
    tried: readonly Endpoint[],
  ): { key: string; endpoint: Endpoint | undefined } => {
    const candidates = untried(endpoints, tried)
    if (affinity.mode === 'persistent') {
      const endpoint = candidates[Math.floor(Math.random() * candidates.length)]
      return { endpoint, key: endpoint === undefined ? '' : persistentKey(endpoint) }
    }
    for (let attempt = 0; attempt < 20; attempt++) {
      const key = randomBytes(16).toString('hex')
      const endpoint = ringOf(endpoints).find(key)
      if (endpoint !== undefined && candidates.some((one) => isSame(one, endpoint))) return { key, endpoint }
    }
    return { key: randomBytes(16).toString('hex'), endpoint: candidates[0] }
  }

  return {
    pick: (endpoints, journey, tried) => {
      const sent = readAffinity(journey, affinity.name, owner)
      const known = sent === undefined ? undefined : byKey(endpoints, sent)
      const hasFailed = known !== undefined && tried.some((one) => isSame(one, known))
      if (known !== undefined && !(hasFailed && affinity.changeOnFailure)) return known
      const { key, endpoint } = choose(endpoints, tried)
      if (endpoint !== undefined && setsCookie(journey)) {
        journey.affinityCookie = affinityCookie(affinity, `${key}|${owner}`, journey, clock)
      }
      return endpoint
    },
  }
}

function setsCookie({ route }: Journey): boolean {
  const { target } = route.route
  return target.kind === 'backend' && target.affinityCookie === undefined
}

/** The second half of the cookie: tells which backend of a split it speaks of. */
export function backendHash(id: BackendId): string {
  return createHash('md5').update(id).digest('hex')
}

function readAffinity(journey: Journey, name: string, owner: string): string | undefined {
  const [key, backend] = readCookie(journey.exchange, name)?.split('|') ?? []
  return backend === owner ? key : undefined
}

function persistentKey(endpoint: Endpoint): string {
  return createHash('md5').update(endpointKey(endpoint)).digest('hex')
}
