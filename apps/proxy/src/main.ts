import { createService, readServiceSettings, runService, startMain } from '@postern/service'
import { messageRoute } from './message-route.ts'
import { readProxySettings } from './settings.ts'

await startMain(async () => {
  const settings = readServiceSettings('proxy', { port: 3000 })
  const proxy = readProxySettings()
  const app = createService(settings)
  app.register(messageRoute, proxy)
  return runService(app, settings)
})
