import { followTokenEnds } from '@postern/auth/fastify'
import { createAuthClient, createTasksClient, type AuthClient } from '@postern/clients'
import type { FastifyPluginAsync } from 'fastify'
import { openAccountStore } from './account-store.ts'
import { createAccounts } from './accounts.ts'
import { limitLogins } from './login-limits.ts'
import { logInRoute } from './routes/log-in.ts'
import { ownAccountRoutes } from './routes/own-account.ts'
import { sessionRoutes } from './routes/session.ts'
import { signUpRoute } from './routes/sign-up.ts'
import { createOwnAccounts } from './own-accounts.ts'
import { sessionCookie } from './session-cookie.ts'
import type { UsersSettings } from './settings.ts'
import { createStubAuth } from './stub-auth.ts'
import { createGuard } from './guard.ts'

/** Composes users: accounts on disk, passwords and tokens by auth. */
export function usersApp(settings: UsersSettings): FastifyPluginAsync {
  return async (app) => {
    const store = await openAccountStore(settings.database, app.log)
    app.readinessChecks.push(store.ping)
    const auth = chooseAuth(settings, (line) => {
      app.log.info(line)
    })
    const tasks = createTasksClient({ origin: settings.tasksOrigin, deadlineMs: settings.auth.deadlineMs })
    app.addHook('onClose', async () => {
      await Promise.all([auth.close(), tasks.close()])
      await store.close()
    })
    const accounts = createAccounts(store, auth, settings)
    const own = createOwnAccounts(store, auth, tasks)
    const [checkLimits, cookie] = [
      await limitLogins(app, settings),
      await sessionCookie(app, settings.production),
    ]
    const { passwordMinLength } = settings
    const authenticate = createGuard(
      settings.auth,
      followTokenEnds(app, () => auth.tokenEnds()),
    )
    app.register(signUpRoute, { accounts, checkLimits, settings })
    app.register(logInRoute, { accounts, checkLimits, cookie })
    app.register(sessionRoutes, { auth, cookie })
    app.register(ownAccountRoutes, { own, authenticate, checkLimits, cookie, passwordMinLength })
  }
}

function chooseAuth({ auth, authStub }: UsersSettings, say: (line: string) => void): AuthClient {
  if (authStub) {
    say('auth is a stub in this process (AUTH_STUB)')
    return createStubAuth()
  }
  say(`auth is at ${auth.origin} (${auth.way})`)
  return createAuthClient(auth)
}
