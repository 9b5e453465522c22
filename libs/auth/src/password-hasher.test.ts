import { describe, expect, test } from '@jest/globals'
import { createPasswordHasher } from './password-hasher.ts'
import { parsePhc } from './phc-string.ts'

const cheap = { memoryKiB: 64, passes: 1, lanes: 1 }
const hasher = createPasswordHasher(cheap)

describe('argon2id hashes', () => {
  test('are PHC strings with a salt of their own each', async () => {
    const [one, other] = await Promise.all([hasher.hash('pässwörd'), hasher.hash('pässwörd')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(other)
  })

  test('match their password only', async () => {
    const hash = await hasher.hash('한/p#q?100%')
    expect(await hasher.check('한/p#q?100%', hash)).toEqual({ matches: true, outdated: false })
    expect(await hasher.check('한/p#q?100% ', hash)).toEqual({ matches: false, outdated: false })
  })

  test('read what another implementation wrote', async () => {
    // argon2 (the reference command line): echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await hasher.check('password', reference)).toEqual({ matches: true, outdated: true })
  })

  test('made at another cost are outdated, and only for the right password', async () => {
    const old = await createPasswordHasher({ ...cheap, passes: 2 }).hash('secret')
    expect(await hasher.check('secret', old)).toEqual({ matches: true, outdated: true })
    expect(await hasher.check('wrong', old)).toEqual({ matches: false, outdated: false })
  })

  test.each([
    undefined,
    '',
    'testers_hash',
    '$argon2id$v=19$m=64,t=1,p=1$$',
    '$2b$10$abcdefghijklmnopqrstuv',
    // Whoever reaches auth's internal routes chooses the hash: ten gigabytes, and minutes.
    `$argon2id$v=19$m=9999999,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    `$argon2id$v=19$m=65536,t=999,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
  ])('that are not there or damaged match nothing: %s', async (hash) => {
    expect(await hasher.check('testers', hash)).toEqual({ matches: false, outdated: false })
  })

  test('that would wait in line for too long are refused', async () => {
    const busy = createPasswordHasher({ ...cheap, memoryKiB: 8_192 }, { places: 1, longestWaitMs: 0 })
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => busy.hash('secret')))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', ...Array(4).fill('rejected')])
    expect(results[4]).toMatchObject({ reason: { name: 'BusyError', statusCode: 503 } })
    expect(await busy.hash('secret')).toMatch(/^\$argon2id\$/)
  })

  test('a cost that would stop the machine is no hash', () => {
    expect(parsePhc(`$argon2id$v=19$m=99999999,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`)).toBeUndefined()
  })
})
