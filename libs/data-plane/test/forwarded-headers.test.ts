import { describe, expect, test } from '@jest/globals'
import { planeWith } from './ask.ts'

const FORGED = [
  ['X-Forwarded-For', '203.0.113.5, 10.0.0.9'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Host', 'public.example'],
  ['X-Forwarded-Port', '443'],
  ['X-Real-IP', '6.6.6.6'],
  ['X-Scheme', 'ftp'],
  ['X-Original-Forwarded-For', '7.7.7.7'],
] as const

const NAMES = [
  'host',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
  'x-original-forwarded-for',
  'x-original-forwarded-host',
]

async function sent(
  settings: Parameters<typeof planeWith>[1],
  request: Parameters<ReturnType<typeof planeWith>['ask']>[0],
): Promise<Record<string, string | undefined>> {
  const plane = planeWith([], settings)
  await plane.ask(request)
  return Object.fromEntries(
    NAMES.map((name) => [name, name === 'host' ? plane.lastSent.request.host : plane.lastSent.get(name)]),
  )
}

describe('what the upstream is told', () => {
  test('of a client that is nobody’s proxy: what the connection says', async () => {
    expect(
      await sent({}, { host: 'shop.example:8080', headers: FORGED, remoteAddress: '192.0.2.1' }),
    ).toEqual({
      host: 'shop.example:8080',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-scheme': 'http',
      'x-scheme': 'http',
      'x-forwarded-host': 'shop.example:8080',
      'x-forwarded-port': '8080',
      'x-real-ip': '192.0.2.1',
      'x-original-forwarded-for': '203.0.113.5, 10.0.0.9',
      'x-original-forwarded-host': 'public.example',
    })
  })

  test('of a trusted proxy: what it says, and the client it vouches for', async () => {
    expect(
      await sent(
        { settings: { trustedProxies: ['10.0.0.0/8'] } },
        { headers: FORGED, remoteAddress: '10.0.0.1' },
      ),
    ).toMatchObject({
      host: 'public.example',
      'x-forwarded-for': '203.0.113.5',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'public.example',
      'x-forwarded-port': '443',
      'x-real-ip': '203.0.113.5',
    })
  })

  test.each([
    ['203.0.113.5:4711, 10.0.0.9', '203.0.113.5'],
    ['6.6.6.6, nonsense, 10.0.0.9', '10.0.0.9'],
    ['nonsense', '10.0.0.1'],
    ['[2001:db8::1]:99', '2001:db8::1'],
    ['', '10.0.0.1'],
  ])('X-Forwarded-For: %j names the client %s', async (chain, client) => {
    const headers = [['X-Forwarded-For', chain]] as const
    const settings = { trustedProxies: ['10.0.0.0/8'] }
    expect(await sent({ settings }, { headers, remoteAddress: '10.0.0.1' })).toMatchObject({
      'x-real-ip': client,
    })
  })

  test('of several X-Forwarded-Host the first counts', async () => {
    const headers = [['X-Forwarded-Host', 'a.example, b.example']] as const
    const settings = { trustedProxies: ['10.0.0.0/8'] }
    expect(await sent({ settings }, { headers, remoteAddress: '10.0.0.1' })).toMatchObject({
      'x-forwarded-host': 'a.example',
    })
  })

  test('compute-full-forwarded-for appends the peer', async () => {
    const settings = { trustedProxies: ['10.0.0.0/8'], appendForwardedFor: true }
    expect(await sent({ settings }, { headers: FORGED, remoteAddress: '10.0.0.1' })).toMatchObject({
      'x-forwarded-for': '203.0.113.5, 10.0.0.9, 10.0.0.1',
    })
  })

  test('upstream-vhost replaces Host', async () => {
    expect(await sent({ policy: { host: 'inner.example' } }, {})).toMatchObject({
      host: 'inner.example',
      'x-forwarded-host': 'shop.example',
    })
  })

  test('a request id is kept, or made', async () => {
    const plane = planeWith([])
    await plane.ask({ headers: [['X-Request-ID', 'mine']] })
    expect(plane.lastSent.get('x-request-id')).toBe('mine')
    await plane.ask()
    expect(plane.lastSent.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(plane.log[1]?.requestId).toBe(plane.lastSent.get('x-request-id'))
  })

  test('names with an underscore are dropped unless they are wanted', async () => {
    const headers = [['X_User', 'root']] as const
    const strict = planeWith([])
    await strict.ask({ headers })
    expect(strict.lastSent.get('x_user')).toBeUndefined()
    const lenient = planeWith([], { settings: { underscoresInHeaders: true } })
    await lenient.ask({ headers })
    expect(lenient.lastSent.get('x_user')).toBe('root')
  })
})
