import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { helloApp } from './app.ts'

await startMain(async () => {
  const settings = readServiceSettings('hello', { port: 80 })
  const app = createService(settings)
  app.register(helloApp(settings))
  return runService(app, settings)
})
