import { isTaken, openStore, type DatabaseUrl, type Kysely } from '@postern/store'
import type { FastifyBaseLogger } from 'fastify'
import { emailKey, type Account } from './account.ts'
import { migrations } from './migrations.ts'

/** Where accounts live. Every promise that resolves is on the disk. */
export interface AccountStore {
  find(email: string): Promise<Account | undefined>
  /** False when the address has an account already; two at once never both succeed. */
  add(account: Account): Promise<boolean>
  findByUid(uid: string): Promise<Account | undefined>
  /** Changes the account that a password was proven for; two at once never both get an address. */
  change(proven: ProvenAccount, change: AccountFields): Promise<ChangeOutcome>
  remove(uid: string): Promise<void>
  /** Throws when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** An account with the hash that a password was checked against: with another one by now, the proof is worth nothing. */
export type ProvenAccount = Pick<Account, 'uid' | 'passwordHash'>

/** What may change of an account. */
export type AccountFields = Partial<Pick<Account, 'email' | 'passwordHash'>>

/** `taken`: another account has the address. `outdated`: the account is gone, or has another password. */
export type ChangeOutcome = 'changed' | 'taken' | 'outdated'

interface Tables {
  accounts: {
    uid: string
    email_key: string
    email: string
    password_hash: string
    created_at: string
  }
}

/**
 * Opens the store of accounts and makes its table.
 *
 * @throws StoreError
 */
export async function openAccountStore(url: DatabaseUrl, log: FastifyBaseLogger): Promise<AccountStore> {
  const { database, ping, close } = await openStore<Tables>({ service: 'users', url, migrations, log })
  return {
    find: (email) => find(database, 'email_key', emailKey(email)),
    findByUid: (uid) => find(database, 'uid', uid),
    change: (proven, change) => changeAccount(database, proven, change),
    remove: async (uid) => {
      await database.deleteFrom('accounts').where('uid', '=', uid).execute()
    },
    add: (account) => add(database, account),
    ping,
    close,
  }
}

async function find(
  database: Kysely<Tables>,
  by: 'uid' | 'email_key',
  value: string,
): Promise<Account | undefined> {
  const row = await database
    .selectFrom('accounts')
    .select(['uid', 'email', 'password_hash'])
    .where(by, '=', value)
    .executeTakeFirst()
  return row && { uid: row.uid, email: row.email, passwordHash: row.password_hash }
}

async function changeAccount(
  database: Kysely<Tables>,
  proven: ProvenAccount,
  { email, passwordHash }: AccountFields,
): Promise<ChangeOutcome> {
  const set = {
    ...(email !== undefined && { email, email_key: emailKey(email) }),
    ...(passwordHash !== undefined && { password_hash: passwordHash }),
  }
  try {
    const { numUpdatedRows } = await database
      .updateTable('accounts')
      .set(set)
      .where('uid', '=', proven.uid)
      .where('password_hash', '=', proven.passwordHash)
      .executeTakeFirst()
    return numUpdatedRows > 0n ? 'changed' : 'outdated'
  } catch (error) {
    // Asking first would not help: between the question and the change another account may take the address.
    if (isTaken(error)) return 'taken'
    throw error
  }
}

async function add(database: Kysely<Tables>, { uid, email, passwordHash }: Account): Promise<boolean> {
  const row = {
    uid,
    email_key: emailKey(email),
    email,
    password_hash: passwordHash,
    created_at: new Date().toISOString(),
  }
  const added = await database
    .insertInto('accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .returning('uid')
    .executeTakeFirst()
  return added !== undefined
}
