import { createPasswordHasher } from '@postern/auth'
import { accessTokens } from '@postern/auth/fastify'
import { loginRoute, readLabSettings, versionRoute } from '@postern/lab-routes'
import type { ServiceSettings } from '@postern/service'
import type { FastifyPluginAsync } from 'fastify'
import { admitServices } from './admit-services.ts'
import { openKeys } from './open-keys.ts'
import { openSessions } from './open-sessions.ts'
import { keySetRoute } from './routes/key-set.ts'
import { legacyRoutes } from './routes/legacy.ts'
import { passwordRoutes } from './routes/passwords.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { tokenRoutes } from './routes/tokens.ts'
import type { AuthSettings } from './settings.ts'
import { verifyRoute } from './routes/verify.ts'
import { createVerifyToken } from './verify-token.ts'

/** Composes auth: passwords and tokens for the other services, the key set, the course's GET routes in demo mode, and the lab's routes. */
export function authApp(settings: ServiceSettings, auth: AuthSettings): FastifyPluginAsync {
  return async (app) => {
    const keys = openKeys(auth, app.log)
    const refreshing = setInterval(keys.refresh, auth.keyRefreshMs).unref()
    const sessions = await openSessions(auth, app.log)
    app.readinessChecks.push(sessions.ping)
    app.addHook('onClose', async () => {
      clearInterval(refreshing)
      await sessions.close()
    })
    const tokens = await accessTokens(app, { keys, lifetimeSeconds: auth.lifetimeSeconds })
    const hasher = createPasswordHasher(auth.hashCost)
    const verify = createVerifyToken({ tokens, sessions, demoToken: auth.demoToken })
    app.register(async (internal) => {
      admitServices(internal, settings)
      internal.register(passwordRoutes, { hasher })
      internal.register(tokenRoutes, { hasher, tokens, verify, sessions })
      internal.register(sessionRoutes, { sessions, tokens })
    })
    app.register(verifyRoute, { verify })
    app.register(keySetRoute, { keys })
    app.register(legacyRoutes, { demoToken: auth.demoToken, verify })
    app.register(versionRoute, { version: settings.version })
    // Outside demo mode the lab's log-in exists only where somebody gave it a secret.
    if (settings.demo || settings.secret !== undefined) app.register(loginRoute, readLabSettings(settings))
  }
}
