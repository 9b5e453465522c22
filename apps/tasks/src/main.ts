import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { tasksApp } from './app.ts'
import { readTasksSettings } from './settings.ts'

const docs = { title: 'Tasks', description: 'What each account has to do.' }

await startMain(async () => {
  const settings = readServiceSettings('tasks', { port: 8000 })
  const app = createService(settings, { docs })
  app.register(tasksApp(readTasksSettings(settings)))
  return runService(app, settings)
})
