import { describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { ingress, RawClient, serviceAt, until } from '@postern/testing'
import { WebSocket, WebSocketServer } from 'ws'
import { GatewayFixture } from './gateway-fixture.ts'

const toShop = (path = '/') =>
  ingress({ name: 'shop', rules: [{ host: 'shop.example', paths: [{ path, service: 'shop' }] }] })

describe('changes while it runs', () => {
  test('an edit is served, and a connection that was open before goes on', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    const next = await gateway.upstream('next')
    await gateway.write('services.yaml', serviceAt('shop', [shop.endpoint]))
    await gateway.write('ingress.yaml', toShop())
    await gateway.start()
    const open = await RawClient.open({ port: gateway.port('http') })
    const ask = async (): Promise<string> => {
      open.write('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
      return (await open.readResponse()).body
    }
    expect(await ask()).toBe('shop /')
    await gateway.write('services.yaml', serviceAt('shop', [next.endpoint]))
    await gateway.untilServed('shop.example', '/', ({ body }) => body === 'next /')
    expect(await ask()).toBe('next /')
    open.close()
  })

  test('what is named and not there is told, and waited for: nobody is let in to an empty table', async () => {
    await using gateway = await GatewayFixture.make()
    const later = join(gateway.folder, 'later')
    const shop = await gateway.upstream('shop')
    let isReady = false
    const started = gateway.start({ manifests: [later] }).then(() => (isReady = true))
    await until('it is told', () => gateway.logged.some((line) => line.includes('file-missing')))
    expect(isReady).toBe(false)
    await gateway.write('made.yaml', serviceAt('shop', [shop.endpoint]), toShop())
    await mkdir(later)
    await rename(join(gateway.folder, 'made.yaml'), join(later, 'made.yaml'))
    await started
    expect((await gateway.get('shop.example', '/')).body).toBe('shop /')
  })

  test('a WebSocket outlives a change of its route', async () => {
    await using gateway = await GatewayFixture.make()
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    server.on('connection', (socket) =>
      socket.on('message', (data) => socket.send(`echo ${String(data as Buffer)}`)),
    )
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await gateway.write('services.yaml', serviceAt('shop', [{ address: '127.0.0.1', port }]))
    await gateway.write('ingress.yaml', toShop())
    await gateway.start()
    const client = new WebSocket(`ws://127.0.0.1:${String(gateway.port('http'))}/ws`, {
      headers: { Host: 'shop.example' },
    })
    await once(client, 'open')
    const say = async (text: string): Promise<string> => {
      const answer = once(client, 'message')
      client.send(text)
      return String((await answer)[0] as Buffer)
    }
    expect(await say('one')).toBe('echo one')
    await gateway.write('ingress.yaml', toShop('/elsewhere'))
    await gateway.untilServed('shop.example', '/', ({ status }) => status === 404)
    expect(await say('two')).toBe('echo two')
    client.close()
    await once(client, 'close')
    server.close()
  })

  test('a broken edit is reported with file, line and column and changes nothing', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    await gateway.write('all.yaml', serviceAt('shop', [shop.endpoint]), toShop())
    await gateway.start()
    await gateway.writeText('all.yaml', 'kind: Ingress\n  bad: [indent\n')
    const found = await until('the finding is shown', async () => {
      const page = JSON.parse((await gateway.admin('/diagnostics')).body) as {
        file?: string
        line?: number
        column?: number
        severity: string
      }[]
      return page.find(({ severity, line }) => severity === 'error' && line !== undefined)
    })
    expect(found.file).toMatch(/all\.yaml$/)
    expect(found).toMatchObject({ line: expect.any(Number), column: expect.any(Number) })
    expect(gateway.logged.join('')).toMatch(/all\.yaml:\d+:\d+ error/)
    expect((await gateway.get('shop.example', '/')).body).toBe('shop /')
  })

  test('one bad Ingress does not stop its neighbours', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    await gateway.write(
      'all.yaml',
      serviceAt('shop', [shop.endpoint]),
      ingress({ name: 'bad', rules: [{ host: '10.0.0.1', paths: [{ service: 'shop' }] }] }),
      toShop(),
    )
    await gateway.start()
    expect((await gateway.get('shop.example', '/')).body).toBe('shop /')
    expect(JSON.parse((await gateway.admin('/diagnostics')).body)).not.toEqual([])
  })

  test('all endpoints go and come back: 503 between, never an error where one was ready', async () => {
    await using gateway = await GatewayFixture.make()
    const [a, b] = [await gateway.upstream('a'), await gateway.upstream('b')]
    await gateway.write('services.yaml', serviceAt('shop', [a.endpoint]))
    await gateway.write('ingress.yaml', toShop())
    await gateway.start()
    const statuses: number[] = []
    let isRolling = true
    const load = (async () => {
      while (isRolling) statuses.push((await gateway.get('shop.example', '/')).status)
    })()
    await gateway.write('services.yaml', serviceAt('shop', [a.endpoint, b.endpoint]))
    await gateway.untilServed('shop.example', '/', ({ body }) => body === 'b /')
    await gateway.write('services.yaml', serviceAt('shop', [b.endpoint]))
    await gateway.untilServed('shop.example', '/', ({ body }) => body === 'b /')
    isRolling = false
    await load
    expect(new Set(statuses)).toEqual(new Set([200]))
    await gateway.write('services.yaml', serviceAt('shop', []))
    await gateway.untilServed('shop.example', '/', ({ status }) => status === 503)
    await gateway.write('services.yaml', serviceAt('shop', [a.endpoint]))
    await gateway.untilServed('shop.example', '/', ({ body }) => body === 'a /')
  })
})
