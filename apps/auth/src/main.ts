import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { authApp } from './app.ts'
import { readAuthSettings } from './settings.ts'

await startMain(async () => {
  const settings = readServiceSettings('auth', { port: 80 })
  const app = createService(settings)
  app.register(authApp(settings, readAuthSettings(settings)))
  return runService(app, settings)
})
