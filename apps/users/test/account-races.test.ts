import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AuthClient } from '@postern/clients'
import { CallError } from '@postern/clients'
import type { IssuedToken } from '@postern/contracts'
import { fastify } from 'fastify'
import { openAccountStore, type AccountStore } from '../src/account-store.ts'
import { createAccounts } from '../src/accounts.ts'
import { createOwnAccounts } from '../src/own-accounts.ts'

// What somebody else does to an account while auth checks a password for it. Whoever knows an old password must not win that race.

const account = { uid: 'u7', email: 'ann@test.com', passwordHash: 'hash of old' }
const tasks = { removeAll: async () => void ended.push('tasks'), close: async () => {} }

let store: AccountStore
/** What happens once auth has checked a password. */
let meanwhile: () => Promise<unknown>
let ended: string[]
let auth: AuthClient

/** An auth whose hashes can be read, and whose sessions are numbered. */
function fakeAuth(rehash?: string): AuthClient {
  let sessions = 0
  return {
    hashPassword: async (password) => `hash of ${password}`,
    issueToken: async ({ hash, password, session }) => {
      if (hash === null || !hash.startsWith(`hash of ${password}`)) return undefined
      sessions += 1
      const token: IssuedToken = { message: 'm', token: 't', tokenType: 'Bearer', expiresIn: 1 }
      const once = meanwhile
      meanwhile = async () => {}
      await once()
      return {
        ...token,
        ...(session === true && { refreshToken: `session ${sessions}` }),
        ...(rehash !== undefined && hash !== rehash && { rehash }),
      }
    },
    verifyToken: async () => undefined,
    refresh: async () => undefined,
    endSession: async (refreshToken) => void ended.push(refreshToken),
    endSessionsEverywhere: async () => false,
    endSessions: async (uid) => void ended.push(`all of ${uid}`),
    tokenEnds: async () => ({ accounts: [], sessions: [] }),
    close: async () => {},
  }
}

beforeEach(async () => {
  store = await openAccountStore({ kind: 'sqlite', path: ':memory:' }, fastify().log)
  await store.add(account)
  meanwhile = async () => {}
  ended = []
  auth = fakeAuth()
})
afterEach(() => store.close())

const changePassword = () => store.change(account, { passwordHash: 'hash of new' })
const hashNow = async () => (await store.findByUid(account.uid))?.passwordHash

describe('a log-in', () => {
  const logIn = (password: string, with_ = auth) =>
    createAccounts(store, with_, { demo: false }).logIn({ email: account.email, password }, {})

  test('with a password that is replaced meanwhile opens no session that outlives the change', async () => {
    meanwhile = changePassword
    expect(await logIn('old')).toBeUndefined()
    expect(ended).toEqual(['session 1'])
  })

  test('with an outdated hash does not bring the old password back', async () => {
    meanwhile = changePassword
    expect(await logIn('old', fakeAuth('hash of old, better'))).toBeUndefined()
    expect(await hashNow()).toBe('hash of new')
  })

  test('beside another one that stores a better hash succeeds too', async () => {
    meanwhile = () => store.change(account, { passwordHash: 'hash of old, better' })
    expect(await logIn('old', fakeAuth('hash of old, better'))).toMatchObject({ refreshToken: 'session 2' })
    expect(ended).toEqual(['session 1'])
  })

  test.each([
    ['is deleted', () => store.remove(account.uid)],
    ['moves to another address', () => store.change(account, { email: 'moved@test.com' })],
  ])('to an account that %s meanwhile is refused', async (_what, change) => {
    meanwhile = change
    expect(await logIn('old')).toBeUndefined()
    expect(ended).toEqual(['session 1'])
  })

  test('that nobody disturbs stores a better hash', async () => {
    expect(await logIn('old', fakeAuth('hash of old, better'))).toMatchObject({ refreshToken: 'session 1' })
    expect([await hashNow(), ended]).toEqual(['hash of old, better', []])
  })
})

describe('a change of the account', () => {
  const change = (newPassword: string) =>
    createOwnAccounts(store, auth, tasks).change(account, 'old', { newPassword }, {})

  test('that was proven with a password that is replaced meanwhile is refused', async () => {
    meanwhile = changePassword
    await expect(change('of the thief')).rejects.toMatchObject({ statusCode: 409, code: 'account-outdated' })
    expect([await hashNow(), ended]).toEqual(['hash of new', []])
  })

  test('that is made is told so, even when there is no new session', async () => {
    const issueToken = auth.issueToken
    auth.issueToken = async (request, context) => {
      if (request.session === true) throw new CallError('auth', 'timeout')
      return issueToken(request, context)
    }
    expect(await change('new')).toEqual({ uid: account.uid, email: account.email, session: {} })
    expect([await hashNow(), ended]).toEqual(['hash of new', ['all of u7']])
  })

  test('is undone when the sessions of before cannot be ended', async () => {
    auth.endSessions = async () => {
      throw new CallError('auth', 'timeout')
    }
    await expect(change('new')).rejects.toThrow(CallError)
    expect(await store.findByUid(account.uid)).toEqual(account)
  })
})

describe('the deletion of an account', () => {
  const remove = () => createOwnAccounts(store, auth, tasks).remove(account, 'old', {})

  test('that was proven with a password that is replaced meanwhile deletes nothing', async () => {
    meanwhile = changePassword
    await expect(remove()).rejects.toMatchObject({ statusCode: 409, code: 'account-outdated' })
    expect([await hashNow(), ended]).toEqual(['hash of new', []])
  })

  test('deletes the tasks, ends the sessions and then is done', async () => {
    await remove()
    expect([await hashNow(), ended]).toEqual([undefined, ['tasks', 'all of u7']])
  })
})
