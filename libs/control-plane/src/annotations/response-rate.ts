import type { ResponseRate } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { integer } from './value.ts'

const KIBIBYTE = 1_024

export const responseRate = annotationFeature({
  name: 'Rate of a response',
  docs: 'How fast each response goes to its client, where `proxy-buffering` is `on`: nginx does not limit what it does not buffer. The upstream is held back meanwhile.',
  switch: { key: 'limit-rate' },
  keys: {
    'limit-rate': key(integer(0), {
      defaultText: 'none',
      tier: 2,
      global: 'limit-rate',
      meaning: 'KiB per second; `0` is no limit.',
    }),
    'limit-rate-after': key(integer(0), {
      default: 0,
      tier: 2,
      global: 'limit-rate-after',
      meaning: 'KiB that leave before it begins.',
    }),
  },
  read: ({ 'limit-rate': rate = 0, 'limit-rate-after': after }): ResponseRate | undefined =>
    rate === 0 ? undefined : { bytesPerSecond: rate * KIBIBYTE, afterBytes: after * KIBIBYTE },
})
