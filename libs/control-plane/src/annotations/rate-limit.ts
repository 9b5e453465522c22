import type { RateLimitFilter } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { cidr, integer, list } from './value.ts'

/** Without `zone`: that is the Ingress itself. */
export type RateLimitSettings = Omit<RateLimitFilter, 'zone' | 'status'>

const limit = integer(0, 1_000_000)

export const rateLimit = annotationFeature({
  name: 'Rate limits',
  docs: 'Limits per client address, shared by all paths of the Ingress, counted by each gateway process. Beyond them: 503, or the ConfigMap’s limit-req-status-code.',
  keys: {
    'limit-rps': key(limit, {
      default: 0,
      defaultText: 'none',
      global: 'limit-rps',
      meaning: 'Requests per second.',
    }),
    'limit-rpm': key(limit, {
      default: 0,
      defaultText: 'none',
      global: 'limit-rpm',
      meaning: 'Requests per minute.',
    }),
    'limit-connections': key(limit, {
      default: 0,
      defaultText: 'none',
      meaning: 'Requests at the same time.',
    }),
    'limit-burst-multiplier': key(integer(1, 10_000), {
      default: 5,
      meaning: 'Burst = limit × this, without delay.',
    }),
    'limit-allowlist': key(list(cidr), {
      default: [],
      defaultText: 'none',
      bad: 'deny',
      meaning: 'Networks without limits.',
    }),
    'limit-whitelist': key(list(cidr), {
      default: [],
      defaultText: 'none',
      bad: 'deny',
      meaning: 'Old name of limit-allowlist.',
    }),
  },
  read: (v): RateLimitSettings | undefined => {
    const {
      'limit-rps': rps,
      'limit-rpm': rpm,
      'limit-connections': connections,
      'limit-burst-multiplier': times,
    } = v
    if (rps === 0 && rpm === 0 && connections === 0) return undefined
    return {
      kind: 'rate-limit',
      ...(rps > 0 && { requestsPerSecond: { rate: rps, burst: rps * times } }),
      ...(rpm > 0 && { requestsPerMinute: { rate: rpm, burst: rpm * times } }),
      ...(connections > 0 && { connections }),
      exempt: v['limit-allowlist'].length > 0 ? v['limit-allowlist'] : v['limit-whitelist'],
    }
  },
})
