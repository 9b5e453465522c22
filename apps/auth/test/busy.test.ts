import { expect, test } from '@jest/globals'
import { createPasswordHasher } from '@postern/auth'
import { createService, readServiceSettings } from '@postern/service'
import { passwordRoutes } from '../src/routes/passwords.ts'

test('more passwords than can be hashed in time are refused with 503 and Retry-After, the others are hashed', async () => {
  const app = createService(readServiceSettings('auth', { port: 0 }, { LOG_LEVEL: 'silent' }, []))
  const cost = { memoryKiB: 8_192, passes: 1, lanes: 1 }
  app.register(passwordRoutes, { hasher: createPasswordHasher(cost, { places: 1, longestWaitMs: 0 }) })
  const payload = { password: 'long enough' }
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => app.inject({ method: 'POST', url: '/passwords/hash', payload })),
  )
  await app.close()
  expect(replies.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThanOrEqual(1)
  const refused = replies.find(({ statusCode }) => statusCode === 503)
  expect(refused?.headers['retry-after']).toBe('5')
  expect(refused?.json()).toMatchObject({ code: 'unavailable', status: 503 })
})
