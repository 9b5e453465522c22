import { expect, test } from '@jest/globals'
import { Agent, get, type IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { createService } from './create-service.ts'
import { runService } from './run-service.ts'
import { readServiceSettings } from './settings.ts'

const env = { HOST: '127.0.0.1', PORT: '0', HEALTH_PORT: '0', LOG_LEVEL: 'silent' }
const settings = readServiceSettings('test', { port: 0 }, env, [])
const statusOf = async (url: string) => (await fetch(url)).status

test('W16 drains: not ready, then the last answer, then what the service holds', async () => {
  const events: string[] = []
  const app = createService(settings)
  let finish: (() => void) | undefined
  const arrived = new Promise<void>((resolve) => {
    app.get('/slow', async () => {
      resolve()
      await new Promise<void>((done) => (finish = done))
      events.push('answered')
      return { done: true }
    })
  })
  const running = await runService(app, settings, {
    onClose: async () => {
      events.push('closed')
    },
  })
  expect(await statusOf(`${running.healthUrl}/readiness`)).toBe(200)
  const slow = fetch(`${running.url}/slow`)
  await arrived
  const closing = running.close()
  expect(await statusOf(`${running.healthUrl}/readiness`)).toBe(503)
  expect(await statusOf(`${running.healthUrl}/healthz`)).toBe(200)
  finish?.()
  expect((await slow).status).toBe(200)
  await closing
  expect(events).toEqual(['answered', 'closed'])
  await expect(fetch(`${running.url}/slow`)).rejects.toThrow()
})

test('W16 a connection that is kept is told to end before it is closed', async () => {
  const app = createService(settings)
  app.get('/', async () => ({ ok: true }))
  const running = await runService(app, settings)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async () => {
    const [response] = (await once(get(running.url, { agent }), 'response')) as [IncomingMessage]
    response.resume()
    await once(response, 'end')
    return response.headers.connection
  }
  expect(await ask()).toBe('keep-alive')
  const closing = running.close()
  expect(await statusOf(`${running.healthUrl}/readiness`)).toBe(503)
  expect(await ask()).toBe('close')
  await closing
  agent.destroy()
})

test('readiness asks what the service needs, liveness does not', async () => {
  const app = createService(settings)
  let broken = false
  app.readinessChecks.push(async () => {
    if (broken) throw new Error('the store is gone')
  })
  const running = await runService(app, settings)
  expect(await statusOf(`${running.healthUrl}/readiness`)).toBe(200)
  broken = true
  expect(await statusOf(`${running.healthUrl}/readiness`)).toBe(503)
  expect(await statusOf(`${running.healthUrl}/healthz`)).toBe(200)
  await running.close()
})

test('the info route tells no secret', async () => {
  const app = createService({ ...settings, secret: 'hidden', serviceSecret: 'hidden' })
  const running = await runService(app, { ...settings, secret: 'hidden', serviceSecret: 'hidden' })
  const info = await (await fetch(`${running.healthUrl}/info`)).json()
  expect(info).toEqual({ name: 'test', version: '1.0.0', demo: false })
  await running.close()
})

test('a taken port is named, with the setting that moves it', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { readonly port: number }
  const starting = runService(createService(settings), { ...settings, port })
  await expect(starting).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: the port is taken by another process; stop it, or choose another port (setting: PORT)`,
  )
  taken.close()
})
