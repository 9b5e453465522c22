import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { authApp } from './app.ts'
import { readAuthSettings } from './settings.ts'

const docs = {
  title: 'Auth',
  description: 'Hashes passwords, issues and verifies tokens, publishes the keys that verify them.',
}

await startMain(async () => {
  const settings = readServiceSettings('auth', { port: 80 })
  const app = createService(settings, { docs })
  app.register(authApp(settings, readAuthSettings(settings)))
  return runService(app, settings)
})
