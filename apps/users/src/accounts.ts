import type { AuthClient, CallContext } from '@postern/clients'
import type { Credentials, IssuedToken } from '@postern/contracts'
import { randomUUID } from 'node:crypto'
import type { Account } from './account.ts'
import type { AccountStore } from './account-store.ts'
import { demoSubject, matchDemoAccount } from './demo-accounts.ts'
import type { UsersSettings } from './settings.ts'

/** What happened to a sign-up: `again` is the same address with the same password. */
export type SignUpOutcome = 'created' | 'again' | 'taken'

/** Signing up and logging in, without HTTP. Both throw CallError when auth gives no answer. */
export interface Accounts {
  signUp(credentials: Credentials, context: CallContext): Promise<SignUpOutcome>
  /** Undefined when there is no such account or the password is wrong; the two take the same time. */
  logIn(credentials: Credentials, context: CallContext): Promise<IssuedToken | undefined>
}

/** Composes the rules of accounts over their store and auth. */
export function createAccounts(
  store: AccountStore,
  auth: AuthClient,
  { demo }: Pick<UsersSettings, 'demo'>,
): Accounts {
  return {
    signUp: async (credentials, context) => {
      const demoMatch = demo ? matchDemoAccount(credentials) : 'other'
      if (demoMatch !== 'other') return demoMatch === 'right' ? 'again' : 'taken'
      return signUp(store, auth, credentials, context)
    },
    logIn: async (credentials, context) => {
      if (demo && matchDemoAccount(credentials) === 'right')
        return logInDemo(auth, credentials.password, context)
      return logIn(store, auth, credentials, context)
    },
  }
}

async function signUp(
  store: AccountStore,
  auth: AuthClient,
  { email, password }: Credentials,
  context: CallContext,
): Promise<SignUpOutcome> {
  if ((await store.find(email)) === undefined) {
    const passwordHash = await auth.hashPassword(password, context)
    if (await store.add({ uid: randomUUID(), email: email.trim(), passwordHash })) return 'created'
  }
  // The address had an account, or another sign-up was faster: the password decides whether this is its owner.
  const existing = await store.find(email)
  if (existing === undefined) return 'taken'
  const { uid, email: known, passwordHash: hash } = existing
  const token = await auth.issueToken({ hash, password, subject: { uid, email: known } }, context)
  return token === undefined ? 'taken' : 'again'
}

/** How often a log-in begins again because the account changed meanwhile; more than once is no coincidence. */
const LOG_IN_TRIES = 3

/**
 * The session that a log-in opens must not outlive a change of the password that came while the old one was checked: that change
 * ended all sessions there were. So the account is read once more, and if it changed the new session is ended, and the password has to be the new one.
 */
async function logIn(
  store: AccountStore,
  auth: AuthClient,
  credentials: Credentials,
  context: CallContext,
): Promise<IssuedToken | undefined> {
  for (let tries = 0; tries < LOG_IN_TRIES; tries += 1) {
    const attempt = await tryLogIn(store, auth, credentials, context)
    if (attempt === undefined) return undefined
    const { account, token } = attempt
    if (await isAsProven(store, account, token.rehash)) return token
    if (token.refreshToken !== undefined) await auth.endSession(token.refreshToken, context)
  }
  return undefined
}

async function tryLogIn(
  store: AccountStore,
  auth: AuthClient,
  { email, password }: Credentials,
  context: CallContext,
): Promise<{ readonly account: Account; readonly token: IssuedToken } | undefined> {
  const account = await store.find(email)
  // Auth is asked for an unknown account too, so that the time of the answer does not tell who has one.
  const subject = { uid: account?.uid ?? 'nobody', email: account?.email ?? '' }
  const token = await auth.issueToken(
    { hash: account?.passwordHash ?? null, password, subject, session: account !== undefined },
    context,
  )
  return account === undefined || token === undefined ? undefined : { account, token }
}

/** Also stores a hash with today's cost, unless the account has another one by now. */
async function isAsProven(
  store: AccountStore,
  account: Account,
  rehash: string | undefined,
): Promise<boolean> {
  const replaced =
    rehash !== undefined && (await store.change(account, { passwordHash: rehash })) === 'changed'
  const now = await store.findByUid(account.uid)
  return now?.email === account.email && now.passwordHash === (replaced ? rehash : account.passwordHash)
}

async function logInDemo(
  auth: AuthClient,
  password: string,
  context: CallContext,
): Promise<IssuedToken | undefined> {
  const hash = await auth.hashPassword(password, context)
  return auth.issueToken({ hash, password, subject: demoSubject, session: true }, context)
}
