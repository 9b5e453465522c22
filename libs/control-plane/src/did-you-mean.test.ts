import { expect, test } from '@jest/globals'
import { didYouMean } from './did-you-mean.ts'
import { KNOWN_KEYS } from './annotations/known-keys.ts'

test.each([
  ['proxy-body-sise', 'proxy-body-size'],
  ['porxy-body-size', 'proxy-body-size'],
  ['rewritetarget', 'rewrite-target'],
  ['target-rewrite', 'rewrite-target'],
  ['SSL-Redirect', 'ssl-redirect'],
  ['whitelist-source-ranges', 'whitelist-source-range'],
  ['credentials', undefined],
  ['x', undefined],
  ['something-else-altogether', undefined],
])('%s: %s', (word, known) => {
  expect(didYouMean(word, KNOWN_KEYS.keys())).toBe(known)
})
