import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { usersApp } from './app.ts'
import { readUsersSettings } from './settings.ts'

const docs = { title: 'Users', description: 'Accounts: signing up and logging in.' }

await startMain(async () => {
  const settings = readServiceSettings('users', { port: 8080 })
  const app = createService(settings, { docs })
  app.register(usersApp(readUsersSettings(settings)))
  return runService(app, settings)
})
