import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { tasksApp } from './app.ts'
import { readTasksSettings } from './settings.ts'

await startMain(async () => {
  const settings = readServiceSettings('tasks', { port: 8000 })
  const app = createService(settings)
  app.register(tasksApp(readTasksSettings()))
  return runService(app, settings)
})
