import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { errorRoutes } from './error-routes.ts'
import { readRedirectTarget } from './settings.ts'

await startMain(async () => {
  const settings = readServiceSettings('default-backend', { port: 8080 })
  const redirectTo = readRedirectTarget()
  const app = createService(settings)
  app.register(errorRoutes, { redirectTo })
  return runService(app, settings)
})
