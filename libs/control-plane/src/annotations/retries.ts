import type { RetryCondition, RetryPolicy } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { integer, Refusal, type ParseValue } from './value.ts'

const CONDITIONS: readonly RetryCondition[] = [
  'error',
  'timeout',
  'invalid_header',
  'http_500',
  'http_502',
  'http_503',
  'http_504',
  'http_403',
  'http_404',
  'http_429',
]

type When = RetryCondition | 'off' | 'non_idempotent'

const conditions: ParseValue<readonly When[]> = (value) => {
  const known: readonly When[] = [...CONDITIONS, 'off', 'non_idempotent']
  const words = value.split(/\s+/).filter(Boolean)
  const odd = words.find((word) => !known.includes(word as When))
  if (odd !== undefined) return new Refusal(`${JSON.stringify(odd)} is none of ${known.join(', ')}`)
  return words as readonly When[]
}

// nginx's 0 is "as many as there are endpoints"; a number that no Service reaches says the same.
const UNLIMITED = 1_000

export const retries = annotationFeature({
  name: 'Retries',
  docs: 'When a request is sent to another endpoint. Never after a byte of the response has left; POST, LOCK and PATCH only with non_idempotent.',
  keys: {
    'proxy-next-upstream': key(conditions, {
      default: ['error', 'timeout'],
      defaultText: 'error timeout',
      global: 'proxy-next-upstream',
      verdict: {
        kind: 'differs',
        how: 'a request is not sent again once its body began to leave, PUT and non_idempotent included: bodies are streamed, not stored',
      },
      meaning: 'Conditions, separated by blanks; `off` for none.',
    }),
    'proxy-next-upstream-tries': key(integer(0, 1_000), {
      default: 3,
      global: 'proxy-next-upstream-tries',
      meaning: 'Attempts in all; 0 for every endpoint.',
    }),
    'proxy-next-upstream-timeout': key(integer(0, 2_000_000), {
      default: 0,
      global: 'proxy-next-upstream-timeout',
      meaning: 'Seconds for all attempts; 0 for no limit.',
    }),
  },
  read: (v): RetryPolicy => {
    const words = v['proxy-next-upstream']
    const off = words.includes('off')
    return {
      conditions: off ? [] : CONDITIONS.filter((condition) => words.includes(condition)),
      tries: off ? 1 : v['proxy-next-upstream-tries'] || UNLIMITED,
      timeoutMs: v['proxy-next-upstream-timeout'] * 1_000,
      nonIdempotent: words.includes('non_idempotent'),
    }
  },
})
