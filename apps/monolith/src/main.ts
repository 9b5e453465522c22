import { helloRoutes, loginRoute, readLabSettings, secureRoute, versionRoute } from '@postern/lab-routes'
import { createService, readServiceSettings, runService, startMain } from '@postern/service'

await startMain(async () => {
  const settings = readServiceSettings('monolith', { port: 80 })
  const { secret, account } = readLabSettings(settings)
  const app = createService(settings)
  app.register(loginRoute, { secret, account })
  app.register(secureRoute, { secret })
  app.register(versionRoute, { version: settings.version })
  app.register(helloRoutes)
  return runService(app, settings)
})
