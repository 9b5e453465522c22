import { expect, test } from '@jest/globals'
import { clientFailure } from './client-failure.ts'

const policy = { mode: 'on', caPem: '', depth: 1, passToUpstream: false } as const
const client = { verified: true, subject: 'CN=ann', issuer: 'CN=ca', depth: 0, pem: '' }

test.each([
  ['a verified one is good', {}, undefined],
  ['one certificate between is within its depth', { depth: 1 }, undefined],
  ['two are more than the host allows', { depth: 2 }, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  [
    'what failed fails for its own reason',
    { verified: false, error: 'CERT_HAS_EXPIRED' },
    'CERT_HAS_EXPIRED',
  ],
  ['even one without', { verified: false }, 'unknown'],
])('%s', (_, facts, failure) => {
  expect(clientFailure({ ...client, ...facts }, policy)).toBe(failure)
})
