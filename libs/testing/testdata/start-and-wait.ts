// Starts an app as a test does, tells its process id, and waits to be killed.
import { startApp } from '../src/start-app.ts'

const app = await startApp({ folder: 'apps/hello', env: { DEMO_MODE: '1' } })
process.stdout.write(`app ${app.pid}\n`)
setInterval(() => undefined, 60_000)
