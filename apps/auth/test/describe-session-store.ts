import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { DatabaseUrl } from '@postern/store'
import { fastify } from 'fastify'
import { openSessionStore, type SessionStore } from '../src/session-store.ts'

const subject = { uid: 'u7', email: 'e@x' }
const DAY_MS = 24 * 60 * 60 * 1000

/** What every store of sessions does, whatever database is below. */
export function describeSessionStore(name: string, makeUrl: () => DatabaseUrl): void {
  let nowMs = 0
  let month = 10
  let sessions: SessionStore

  const open = () => openSessionStore(makeUrl(), { lifetimeMs: DAY_MS, clock: () => nowMs }, fastify().log)
  beforeEach(async () => {
    // Databases outlive a test: what ended in one is long over in the next.
    month += 1
    nowMs = Date.UTC(2026, month, 20)
    sessions = await open()
  })
  afterEach(() => sessions.close())

  const start = async () => (await sessions.start(subject)).refreshToken
  const renew = async (token: string) => (await sessions.renew(token))?.refreshToken ?? ''

  describe(`RFC 9700 §4.14.2: refresh tokens in ${name}`, () => {
    test('each use gives the next one and whom it speaks for', async () => {
      const first = await start()
      const renewal = await sessions.renew(first)
      expect(renewal?.subject).toEqual(subject)
      expect(renewal?.refreshToken).not.toBe(first)
      expect(await renew(renewal?.refreshToken ?? '')).not.toBe('')
    })

    test('a stolen token used after its owner ends the session for both', async () => {
      const stolen = await start()
      const owners = await renew(stolen)
      nowMs += 60_000
      expect(await renew(stolen)).toBe('')
      expect(await renew(owners)).toBe('')
    })

    test('a stolen token used before its owner ends with the owner’s next use', async () => {
      const stolen = await start()
      const thiefs = await renew(stolen)
      nowMs += 60_000
      expect(await renew(stolen)).toBe('')
      expect(await renew(thiefs)).toBe('')
    })

    test('two tabs at once: one is served, the session goes on', async () => {
      const token = await start()
      const renewed = await Promise.all([renew(token), renew(token), renew(token)])
      const served = renewed.filter((next) => next !== '')
      expect(served).toHaveLength(1)
      expect(await renew(served[0] ?? '')).not.toBe('')
    })

    test('a token from two uses ago has no time of grace', async () => {
      const old = await start()
      const current = await renew(await renew(old))
      expect(await renew(old)).toBe('')
      expect(await renew(current)).toBe('')
    })

    test('a session ends a day after its last use', async () => {
      let token = await start()
      nowMs += DAY_MS - 1
      token = await renew(token)
      expect(token).not.toBe('')
      nowMs += DAY_MS
      expect(await renew(token)).toBe('')
    })

    test('a log-out ends one session, an account all', async () => {
      const [one, other] = [await start(), await start()]
      await sessions.end(one)
      expect(await renew(one)).toBe('')
      const next = await renew(other)
      expect(next).not.toBe('')
      await sessions.endAll('u7')
      expect(await renew(next)).toBe('')
    })

    test('a log-out everywhere ends all of its account, with a token of a session that lives', async () => {
      const [one, other] = [await start(), await start()]
      const stranger = (await sessions.start({ uid: 'u77', email: 'e@y' })).refreshToken
      expect(await sessions.end(one, 'account')).toBe(true)
      expect([await renew(one), await renew(other)]).toEqual(['', ''])
      expect((await sessions.ends.since(nowMs - 1)).accounts).toEqual([
        { uid: subject.uid, endedAtMs: nowMs },
      ])
      const next = await renew(stranger)
      expect(next).not.toBe('')
      expect(await sessions.end(one, 'account')).toBe(false)
      nowMs += DAY_MS
      expect(await sessions.end(next, 'account')).toBe(false)
      expect((await sessions.ends.since(nowMs - 1)).accounts).toEqual([])
    })

    test.each(['', 'abc', 'a.b', `${'0'.repeat(36)}.${'A'.repeat(43)}`])(
      'no session for %j',
      async (token) => {
        expect(await sessions.renew(token)).toBeUndefined()
        expect(await sessions.end(token)).toBe(false)
      },
    )

    test('guessing a secret of a known session ends it', async () => {
      const token = await start()
      expect(await renew(`${token.split('.')[0]}.${'A'.repeat(43)}`)).toBe('')
      expect(await renew(token)).toBe('')
    })

    test('of sixteen uses of one token at once one is served', async () => {
      const token = await start()
      const renewed = await Promise.all(Array.from({ length: 16 }, () => renew(token)))
      expect(renewed.filter((next) => next !== '')).toHaveLength(1)
    })

    const { uid } = subject
    const isOver = (sessionId?: string, issuedAtMs = nowMs + 1) =>
      sessions.ends.isOver({
        principal: { uid },
        issuedAtMs,
        ...(sessionId !== undefined && { sessionId }),
      })

    test('the end of an account’s sessions is remembered, the latest one', async () => {
      await sessions.endAll('u8')
      expect(await isOver(undefined, nowMs)).toBe(false)
      await sessions.endAll(uid)
      nowMs += 5
      await sessions.endAll(uid)
      expect([await isOver(undefined, nowMs), await isOver(undefined, nowMs + 1)]).toEqual([true, false])
      expect((await sessions.ends.since(nowMs - 1)).accounts).toEqual([{ uid, endedAtMs: nowMs }])
      expect((await sessions.ends.since(nowMs)).accounts).toEqual([])
      // Until no access token can be as old.
      const before = nowMs
      nowMs += 3 * DAY_MS
      await sessions.endAll('u9')
      expect(await isOver(undefined, before)).toBe(false)
    })

    test('a log-out is remembered, once for each session that there was', async () => {
      const [one, other] = [await sessions.start(subject), await sessions.start(subject)]
      const renewed = await sessions.renew(one.refreshToken)
      expect(renewed?.id).toBe(one.id)
      nowMs += 5
      await sessions.end(one.refreshToken)
      await sessions.end(renewed?.refreshToken ?? '')
      await sessions.end(`${other.id}.${'A'.repeat(43)}`)
      expect([await isOver(one.id), await isOver(other.id)]).toEqual([true, false])
      expect((await sessions.ends.since(nowMs - 1)).sessions).toEqual([one.id])
      expect((await sessions.ends.since(nowMs)).sessions).toEqual([])
      // Until no access token can be as old.
      nowMs += 3 * DAY_MS
      await sessions.end((await sessions.start(subject)).refreshToken)
      expect(await isOver(one.id)).toBe(false)
    })

    test('of many log-outs the latest are listed', async () => {
      const ended: string[] = []
      for (let index = 0; index < 3; index += 1) {
        const { id, refreshToken } = await sessions.start(subject)
        nowMs += 1
        await sessions.end(refreshToken)
        ended.unshift(id)
      }
      expect((await sessions.ends.since(0, 2)).sessions).toEqual(ended.slice(0, 2))
    })

    test.each([
      ['an account', (_token: string) => sessions.endAll(uid)],
      ['a log-out everywhere', (token: string) => sessions.end(token, 'account')],
    ])('%s ends sessions that are renewed at the same moment', async (_what, end) => {
      const resting = await sessions.start(subject)
      const { id, refreshToken } = await sessions.start(subject)
      nowMs += 60_000
      const renewed = await renew(refreshToken)
      await end(renewed)
      const later = nowMs + 5
      expect([await isOver(id, later), await isOver(resting.id, later)]).toEqual([true, false])
      expect(await isOver(resting.id, nowMs)).toBe(true)
    })

    test('a stolen refresh token ends the thief’s access token too', async () => {
      const { id, refreshToken } = await sessions.start(subject)
      await renew(refreshToken)
      expect(await isOver(id)).toBe(false)
      nowMs += 60_000
      await renew(refreshToken)
      expect(await isOver(id)).toBe(true)
    })
  })
}
