import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { DatabaseUrl } from '@postern/store'
import { fastify } from 'fastify'
import { openSessionStore, type SessionStore } from '../src/session-store.ts'

const subject = { uid: 'u7', email: 'e@x' }
const DAY_MS = 24 * 60 * 60 * 1000

/** What every store of sessions does, whatever database is below. */
export function describeSessionStore(name: string, makeUrl: () => DatabaseUrl): void {
  let nowMs = 0
  let sessions: SessionStore

  const open = () => openSessionStore(makeUrl(), { lifetimeMs: DAY_MS, clock: () => nowMs }, fastify().log)
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 20)
    sessions = await open()
  })
  afterEach(() => sessions.close())

  const renew = async (token: string) => (await sessions.renew(token))?.refreshToken ?? ''

  describe(`RFC 9700 §4.14.2: refresh tokens in ${name}`, () => {
    test('each use gives the next one and whom it speaks for', async () => {
      const first = await sessions.start(subject)
      const renewal = await sessions.renew(first)
      expect(renewal?.subject).toEqual(subject)
      expect(renewal?.refreshToken).not.toBe(first)
      expect(await renew(renewal?.refreshToken ?? '')).not.toBe('')
    })

    test('a stolen token used after its owner ends the session for both', async () => {
      const stolen = await sessions.start(subject)
      const owners = await renew(stolen)
      nowMs += 60_000
      expect(await renew(stolen)).toBe('')
      expect(await renew(owners)).toBe('')
    })

    test('a stolen token used before its owner ends with the owner’s next use', async () => {
      const stolen = await sessions.start(subject)
      const thiefs = await renew(stolen)
      nowMs += 60_000
      expect(await renew(stolen)).toBe('')
      expect(await renew(thiefs)).toBe('')
    })

    test('two tabs at once: one is served, the session goes on', async () => {
      const token = await sessions.start(subject)
      const renewed = await Promise.all([renew(token), renew(token), renew(token)])
      const served = renewed.filter((next) => next !== '')
      expect(served).toHaveLength(1)
      expect(await renew(served[0] ?? '')).not.toBe('')
    })

    test('a token from two uses ago has no time of grace', async () => {
      const old = await sessions.start(subject)
      const current = await renew(await renew(old))
      expect(await renew(old)).toBe('')
      expect(await renew(current)).toBe('')
    })

    test('a session ends a day after its last use', async () => {
      let token = await sessions.start(subject)
      nowMs += DAY_MS - 1
      token = await renew(token)
      expect(token).not.toBe('')
      nowMs += DAY_MS
      expect(await renew(token)).toBe('')
    })

    test('a log-out ends one session, an account all', async () => {
      const [one, other] = [await sessions.start(subject), await sessions.start(subject)]
      await sessions.end(one)
      expect(await renew(one)).toBe('')
      const next = await renew(other)
      expect(next).not.toBe('')
      await sessions.endAll('u7')
      expect(await renew(next)).toBe('')
    })

    test.each(['', 'abc', 'a.b', `${'0'.repeat(36)}.${'A'.repeat(43)}`])(
      'no session for %j',
      async (token) => {
        expect(await sessions.renew(token)).toBeUndefined()
        await sessions.end(token)
      },
    )

    test('guessing a secret of a known session ends it', async () => {
      const token = await sessions.start(subject)
      expect(await renew(`${token.split('.')[0]}.${'A'.repeat(43)}`)).toBe('')
      expect(await renew(token)).toBe('')
    })

    test('of sixteen uses of one token at once one is served', async () => {
      const token = await sessions.start(subject)
      const renewed = await Promise.all(Array.from({ length: 16 }, () => renew(token)))
      expect(renewed.filter((next) => next !== '')).toHaveLength(1)
    })

    test('the end of an account’s sessions is remembered, the latest one', async () => {
      expect(await sessions.endedAt('u8')).toBeUndefined()
      await sessions.endAll('u8')
      nowMs += 5
      await sessions.endAll('u8')
      expect(await sessions.endedAt('u8')).toBe(nowMs)
      expect(await sessions.endedAt('u9')).toBeUndefined()
      expect(await sessions.endsSince(nowMs - 1)).toEqual([{ uid: 'u8', endedAtMs: nowMs }])
      expect(await sessions.endsSince(nowMs)).toEqual([])
      // Until no access token can be as old.
      nowMs += 3 * DAY_MS
      await sessions.endAll('u9')
      expect(await sessions.endedAt('u8')).toBeUndefined()
    })
  })
}
