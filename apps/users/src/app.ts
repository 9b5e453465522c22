import { createAuthClient, type AuthClient } from '@postern/clients'
import type { FastifyPluginAsync } from 'fastify'
import { openAccountStore } from './account-store.ts'
import { createAccounts } from './accounts.ts'
import { limitLogins } from './login-limits.ts'
import { logInRoute } from './routes/log-in.ts'
import { signUpRoute } from './routes/sign-up.ts'
import type { UsersSettings } from './settings.ts'
import { createStubAuth } from './stub-auth.ts'

/** Composes users: accounts on disk, passwords and tokens by auth. */
export function usersApp(settings: UsersSettings): FastifyPluginAsync {
  return async (app) => {
    const store = await openAccountStore(settings.database, app.log)
    const auth = chooseAuth(settings, (line) => {
      app.log.info(line)
    })
    app.addHook('onClose', async () => {
      await auth.close()
      await store.close()
    })
    const accounts = createAccounts(store, auth, settings)
    app.register(signUpRoute, { accounts, settings })
    app.register(logInRoute, { accounts, checkLimits: await limitLogins(app, settings) })
  }
}

function chooseAuth({ auth, authStub }: UsersSettings, say: (line: string) => void): AuthClient {
  if (authStub) {
    say('auth is a stub in this process (AUTH_STUB)')
    return createStubAuth()
  }
  say(`auth is at ${auth.origin} (${auth.way})`)
  return createAuthClient({ origin: auth.origin, deadlineMs: auth.deadlineMs })
}
