import type { Reply } from '@postern/exchange'
import type { RateLimitFilter } from '@postern/routing-table'
import { addressSet } from '../address-set.ts'
import type { FilterServices, PreparedFilter } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { Refusal } from '../reply.ts'
import { LeakyBuckets } from './leaky-buckets.ts'

/** Limits per client address, in nginx's order: connections, requests per second, requests per minute. */
export function rateLimit(filter: RateLimitFilter, { runtime }: FilterServices): PreparedFilter {
  const exempt = addressSet(filter.exempt)
  const zone = runtime.get(
    `rate-limit ${JSON.stringify([filter.zone, filter.requestsPerSecond, filter.requestsPerMinute])}`,
    () => {
      const { requestsPerSecond, requestsPerMinute } = filter
      return new LeakyBuckets([
        ...(requestsPerSecond ? [{ perSecond: requestsPerSecond.rate, burst: requestsPerSecond.burst }] : []),
        ...(requestsPerMinute
          ? [{ perSecond: requestsPerMinute.rate / 60, burst: requestsPerMinute.burst }]
          : []),
      ])
    },
  )
  const open = runtime.get(`rate-limit-connections ${filter.zone}`, () => new Map<string, number>())
  const refused = (what: string): Reply =>
    new Refusal(filter.status, `over the limit of ${what} in zone ${filter.zone}`)
  return {
    request: (journey) => {
      const { address } = journey.client
      if (exempt.contains(address)) return undefined
      if (filter.connections !== undefined && !enter(open, address, filter.connections, journey)) {
        return refused('concurrent requests')
      }
      return zone.allow(address, journey.startedAt) ? undefined : refused('requests')
    },
  }
}

function enter(open: Map<string, number>, address: string, limit: number, journey: Journey): boolean {
  const count = (open.get(address) ?? 0) + 1
  if (count > limit) return false
  open.set(address, count)
  journey.whenOver(() => {
    const left = (open.get(address) ?? 1) - 1
    if (left === 0) open.delete(address)
    else open.set(address, left)
  })
  return true
}
