import { expect, test } from '@jest/globals'
import { readNeighbourSettings } from './neighbour-settings.ts'

const auth = { name: 'auth', fallback: { host: 'auth', port: 80 } }
const secret = { serviceSecret: 'shown' }

test('a neighbour is found, and waited for five seconds', () => {
  expect(readNeighbourSettings(auth, secret, { AUTH_ADDRESS: 'localhost:8081' })).toEqual({
    origin: 'http://localhost:8081',
    way: 'AUTH_ADDRESS',
    secret: 'shown',
    deadlineMs: 5_000,
  })
})

test('its own variable says how long', () => {
  const wanted = { name: 'price-list', fallback: { host: 'prices', port: 80 } }
  const settings = readNeighbourSettings(wanted, secret, { PRICE_LIST_TIMEOUT_MS: '70' })
  expect(settings).toMatchObject({ origin: 'http://prices:80', way: 'default', deadlineMs: 70 })
  expect(() => readNeighbourSettings(auth, secret, { AUTH_TIMEOUT_MS: 'soon' })).toThrow(
    /^AUTH_TIMEOUT_MS is "soon"/,
  )
})
