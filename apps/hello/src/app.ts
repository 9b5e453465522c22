import { helloRoutes, readLabSettings, secureRoute, textRoutes, versionRoute } from '@postern/lab-routes'
import type { ServiceSettings } from '@postern/service'
import type { FastifyPluginAsync } from 'fastify'
import { hostname } from 'node:os'

/**
 * Composes hello: the lab's greeting, `/secure` and `/version`; or, when `HELLO_TEXT` is set, that text on every path,
 * as the hello-app of the cross-namespace exercise answers. `{version}` and `{hostname}` in the text are replaced.
 *
 * @throws SettingsError when the lab's routes lack their secret.
 */
export function helloApp(
  settings: ServiceSettings,
  env: NodeJS.ProcessEnv = process.env,
): FastifyPluginAsync {
  const { version } = settings
  const text = env['HELLO_TEXT'] ?? ''
  if (text !== '') {
    return async (app) => {
      app.register(textRoutes, { text, version, hostname: hostname() })
    }
  }
  const { secret } = readLabSettings(settings, env)
  return async (app) => {
    app.register(secureRoute, { secret })
    app.register(versionRoute, { version })
    app.register(helloRoutes)
  }
}
