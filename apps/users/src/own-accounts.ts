import { CallError, type AuthClient, type CallContext, type TasksClient } from '@postern/clients'
import { messages, type IssuedToken } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { Account } from './account.ts'
import type { AccountStore } from './account-store.ts'
import type { IssuedSession } from './session-cookie.ts'

/** What a person may change about the account. */
export interface OwnChange {
  readonly newEmail?: string
  readonly newPassword?: string
}

/** What a person does with the own account; all but `get` throw a 403 for a wrong password, a 409 when it was replaced meanwhile, and CallError when a service is silent. */
export interface OwnAccounts {
  /** Throws a 404 when the account was deleted after its token was issued. */
  get(uid: string): Promise<Account>
  /** Ends all sessions and starts one for the client that asked; `taken` when the new address has an account. */
  change(
    account: Account,
    password: string,
    change: OwnChange,
    context: CallContext,
  ): Promise<'taken' | { readonly uid: string; readonly email: string; readonly session: IssuedSession }>
  /** Removes the tasks first: when that fails, nothing is lost and the person can try again. */
  remove(account: Account, password: string, context: CallContext): Promise<void>
}

/** Composes the rules of own accounts over their store, auth and tasks. */
export function createOwnAccounts(store: AccountStore, auth: AuthClient, tasks: TasksClient): OwnAccounts {
  const prove = async (account: Account, password: string, context: CallContext): Promise<IssuedToken> => {
    const { uid, email, passwordHash: hash } = account
    const proof = await auth.issueToken({ hash, password, subject: { uid, email } }, context)
    if (proof === undefined) throw new HttpProblem(403, 'wrong-password', messages.passwordWrong)
    return proof
  }
  return {
    get: async (uid) => {
      const account = await store.findByUid(uid)
      if (account === undefined) throw new HttpProblem(404, 'account-gone', messages.accountGone)
      return account
    },
    change: async (account, password, { newEmail, newPassword }, context) => {
      await prove(account, password, context)
      const { uid } = account
      const email = newEmail?.trim() ?? account.email
      const hash =
        newPassword === undefined ? account.passwordHash : await auth.hashPassword(newPassword, context)
      const changed = { email, passwordHash: hash }
      const outcome = await store.change(account, changed)
      if (outcome === 'outdated') throw outdated()
      if (outcome === 'taken') return 'taken'
      await auth.endSessions(uid, context).catch(async (error: unknown) => {
        // Who knew the old password may have a session that goes on: the person is told that nothing changed, so nothing may have.
        await store.change({ uid, passwordHash: hash }, account)
        throw error
      })
      const request = { hash, password: newPassword ?? password, subject: { uid, email }, session: true }
      // The change is made by now: without a session the person logs in again.
      const session = await auth.issueToken(request, context).catch(ifSilent)
      return { uid, email, session: session ?? {} }
    },
    remove: async (account, password, context) => {
      const { token } = await prove(account, password, context)
      const now = await store.findByUid(account.uid)
      if (now?.passwordHash !== account.passwordHash) throw outdated()
      await tasks.removeAll(token, context)
      await auth.endSessions(account.uid, context)
      await store.remove(account.uid)
    },
  }
}

function outdated(): HttpProblem {
  return new HttpProblem(409, 'account-outdated', messages.accountOutdated)
}

function ifSilent(error: unknown): undefined {
  if (!(error instanceof CallError)) throw error
}
