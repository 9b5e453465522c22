import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DatabaseUrl } from '@postern/store'
import { fastify } from 'fastify'
import { openAccountStore, type AccountFields, type AccountStore } from '../src/account-store.ts'

const log = fastify().log

/** What every store of accounts does, whatever database is below. `makeUrl` gives the same empty database each time. */
export function describeAccountStore(name: string, makeUrl: () => DatabaseUrl): void {
  describe(`accounts in ${name}`, () => {
    let store: AccountStore
    const add = async (uid: string, email = `${uid}@test.com`) =>
      store.add({ uid, email, passwordHash: `hash of ${uid}` })

    const change = (uid: string, fields: AccountFields) =>
      store.change({ uid, passwordHash: `hash of ${uid}` }, fields)

    beforeAll(async () => {
      store = await openAccountStore(makeUrl(), log)
    })
    afterAll(() => store.close())

    test('an account is found by its address, however it is written, and by its uid', async () => {
      const account = { uid: 'found', email: 'Found.Ü@Test.com', passwordHash: '$argon2id$\'"%_' }
      expect(await store.add(account)).toBe(true)
      for (const email of ['Found.Ü@Test.com', ' found.ü@test.COM ', 'found.u\u0308@test.com'])
        expect(await store.find(email)).toEqual(account)
      expect(await store.findByUid('found')).toEqual(account)
    })

    test('there is no account that nobody added', async () => {
      expect(await store.find('nobody@test.com')).toBeUndefined()
      expect(await store.findByUid('nobody')).toBeUndefined()
      expect(await store.find("' OR 1=1 --")).toBeUndefined()
    })

    test('D4 an address has one account, and the second changes nothing', async () => {
      expect(await add('first', 'taken@test.com')).toBe(true)
      expect(await add('second', 'TAKEN@test.com')).toBe(false)
      expect(await store.find('taken@test.com')).toMatchObject({ uid: 'first' })
      expect(await store.findByUid('second')).toBeUndefined()
    })

    test('D4 of fifty additions of one address at once one is made', async () => {
      const uids = Array.from({ length: 50 }, (_, index) => `race-${index}`)
      const added = await Promise.all(uids.map((uid) => add(uid, 'race@test.com')))
      expect(added.filter(Boolean)).toHaveLength(1)
      expect(await store.find('race@test.com')).toMatchObject({ uid: uids[added.indexOf(true)] })
    })

    test('a new address replaces the old one, which is free again', async () => {
      await add('moving', 'old@test.com')
      expect(await change('moving', { email: 'New@test.com' })).toBe('changed')
      expect(await store.find('old@test.com')).toBeUndefined()
      expect(await store.find('new@test.com')).toMatchObject({ uid: 'moving', email: 'New@test.com' })
      expect(await add('next', 'old@test.com')).toBe(true)
    })

    test('another spelling of the own address is no other account’s', async () => {
      await add('speller')
      expect(await change('speller', { email: 'Speller@Test.com' })).toBe('changed')
      expect(await store.findByUid('speller')).toMatchObject({ email: 'Speller@Test.com' })
    })

    test('an address that another account has is refused, and nothing of the change is made', async () => {
      await add('owner')
      await add('envious')
      expect(await change('envious', { email: 'OWNER@test.com', passwordHash: 'new' })).toBe('taken')
      expect(await store.findByUid('envious')).toMatchObject({
        email: 'envious@test.com',
        passwordHash: 'hash of envious',
      })
    })

    test('of twenty accounts that move to one address at once one gets it', async () => {
      const uids = Array.from({ length: 20 }, (_, index) => `mover-${index}`)
      for (const uid of uids) await add(uid)
      const moved = await Promise.all(uids.map((uid) => change(uid, { email: 'goal@test.com' })))
      expect(moved.filter((outcome) => outcome === 'taken')).toHaveLength(19)
      expect(await store.find('goal@test.com')).toMatchObject({ uid: uids[moved.indexOf('changed')] })
    })

    test('a new hash is of that account alone', async () => {
      await add('rehashed')
      await add('untouched')
      expect(await change('rehashed', { passwordHash: 'better' })).toBe('changed')
      expect(await store.findByUid('rehashed')).toMatchObject({ passwordHash: 'better' })
      expect(await store.findByUid('untouched')).toMatchObject({ passwordHash: 'hash of untouched' })
    })

    test('of twenty changes that were proven with one password one is made', async () => {
      await add('contested')
      const hashes = Array.from({ length: 20 }, (_, index) => `hash ${index}`)
      const outcomes = await Promise.all(hashes.map((passwordHash) => change('contested', { passwordHash })))
      expect(outcomes.filter((outcome) => outcome === 'outdated')).toHaveLength(19)
      const passwordHash = hashes[outcomes.indexOf('changed')]
      expect(await store.findByUid('contested')).toMatchObject({ passwordHash })
    })

    test('a removed account is gone, its address is free, the others stay', async () => {
      await add('leaving')
      await add('staying')
      await store.remove('leaving')
      expect(await store.find('leaving@test.com')).toBeUndefined()
      expect(await change('leaving', { passwordHash: 'x' })).toBe('outdated')
      expect(await store.findByUid('staying')).toBeDefined()
      expect(await add('newcomer', 'leaving@test.com')).toBe(true)
    })

    test('it answers when asked whether it is there', async () => {
      await expect(store.ping()).resolves.toBeUndefined()
    })
  })
}
