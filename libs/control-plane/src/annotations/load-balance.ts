import type { Balance, TemplatePart } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { template } from './template.ts'
import { boolean, integer, oneOf, Refusal, type ParseValue } from './value.ts'

export interface LoadBalanceSettings {
  /** Absent: the Ingress says nothing about it. */
  readonly balance?: Balance
  /** Use the Service's own address instead of its endpoints. */
  readonly viaService: boolean
}

const hashKey: ParseValue<readonly TemplatePart[]> = (value) =>
  /[\s;"'`<>\\]|(?<!\$)\{|(?<!\w)\}/.test(value)
    ? new Refusal('expected variables and text without blanks and punctuation')
    : template(value)

export const loadBalance = annotationFeature({
  name: 'Load balancing',
  docs: 'How an endpoint is chosen. A Service has one way for all paths that lead to it: the oldest Ingress that names one decides.',
  keys: {
    'load-balance': key(oneOf('round_robin', 'ewma'), {
      defaultText: 'round_robin',
      global: 'load-balance',
      meaning: 'By turns, or by measured latency.',
    }),
    'upstream-hash-by': key(hashKey, {
      meaning: 'By a consistent hash of this text of variables; wins over load-balance.',
    }),
    'upstream-hash-by-subset': key(boolean, {
      default: false,
      tier: 2,
      meaning: 'Spread each key over several endpoints.',
    }),
    'upstream-hash-by-subset-size': key(integer(1, 1_000), {
      default: 3,
      tier: 2,
      meaning: 'Over how many.',
    }),
    'service-upstream': key(boolean, {
      default: false,
      global: 'service-upstream',
      meaning: 'Use the Service’s own address instead of its Pods; no affinity and no retry then.',
    }),
  },
  read: (v): LoadBalanceSettings => {
    const hash = v['upstream-hash-by']
    const subset = v['upstream-hash-by-subset'] ? v['upstream-hash-by-subset-size'] : 0
    const named: Balance | undefined = v['load-balance'] && {
      kind: v['load-balance'] === 'ewma' ? 'ewma' : 'round-robin',
    }
    const balance: Balance | undefined = hash && hash.length > 0 ? { kind: 'hash', key: hash, subset } : named
    return { ...(balance && { balance }), viaService: v['service-upstream'] }
  },
})
