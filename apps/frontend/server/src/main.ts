import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { frontend } from './frontend.ts'
import { readFrontendSettings } from './settings.ts'

await startMain(async () => {
  const settings = readServiceSettings('frontend', { port: 80 })
  const { ways, ...options } = readFrontendSettings(settings)
  const app = createService(settings)
  app.log.info(ways, 'services found')
  app.register(frontend, options)
  return runService(app, settings)
})
