// Five hundred changes of the table, one by one, in a real gateway process under load: nothing that is open closes.
import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingress, RawClient, rawRequest, serviceAt, startUpstream, toYaml, until } from '@postern/testing'
import { WebSocket, WebSocketServer } from 'ws'
import { HOST, Load } from './room/load.ts'
import { startPostern } from './room/postern.ts'

const SWAPS = 500
const SOCKETS = 100
const DOWNLOADS = 50

test(`${String(SWAPS)} swaps under load: no request fails, no WebSocket and no download ends`, async () => {
  await using closing = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'postern-swaps-'))
  closing.defer(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'manifests'))
  const shops = [await shop('a'), await shop('b')]
  for (const one of shops) closing.defer(() => one.close())
  const slow = await slowUpstream(closing)
  const echo = await echoServer(closing)

  const write = async (swap: number): Promise<void> => {
    const text = toYaml(
      // One endpoint more and less, and a host that comes and goes with every change.
      ...serviceAt('shop', shops.map(({ endpoint }) => endpoint).slice(swap % 2)),
      ...serviceAt('slow', [slow.endpoint]),
      ...serviceAt('echo', [echo]),
      ingress({ name: `other-${String(swap)}`, rules: [other(swap)] }),
      ingress({
        name: 'shop',
        rules: [
          {
            host: HOST,
            paths: [
              { service: 'shop' },
              { path: '/slow', service: 'slow' },
              { path: '/ws', service: 'echo' },
            ],
          },
        ],
      }),
    )
    await writeFile(join(folder, 'next.yaml'), text)
    await rename(join(folder, 'next.yaml'), join(folder, 'manifests', 'all.yaml'))
  }

  await write(0)
  const postern = closing.use(await startPostern(join(folder, 'manifests')))
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => openSocket(postern.http)))
  closing.defer(() => sockets.forEach((socket) => socket.terminate()))
  let closed = 0
  for (const socket of sockets) socket.on('close', () => closed++)
  const downloads = await Promise.all(Array.from({ length: DOWNLOADS }, () => startDownload(postern.http)))
  await until('all downloads are under way', () => slow.open() === DOWNLOADS, 30_000)

  const load = new Load({ port: postern.http }, 2)
  await load.more(100)
  const before = await tables(postern.admin)
  for (let swap = 1; swap <= SWAPS; swap++) {
    await write(swap)
    await until(`swap ${String(swap)}`, async () => (await tables(postern.admin)) >= before + swap, 30_000)
  }
  await load.more(100)
  await load.stop()
  expect([...load.answers.keys()].filter((answer) => !/^200 [ab]$/.test(answer))).toEqual([])

  expect(closed).toBe(0)
  const echoes = await Promise.all(sockets.map(async (socket, i) => say(socket, `still ${String(i)}`)))
  expect(echoes).toEqual(sockets.map((_, i) => `still ${String(i)}`))
  slow.finish()
  const ends = await Promise.all(downloads.map(async (client) => client.readResponse()))
  for (const { status, body } of ends) expect(`${String(status)} ${body.slice(-4)}`).toBe('200 last')
  process.stderr.write(
    `swaps: ${String((await tables(postern.admin)) - before)} tables, ${String(load.count)} requests, ${String(closed)} closed\n`,
  )
}, 300_000)

const shop = (name: string) => startUpstream(name, { respond: (_, response) => void response.end(name) })
const other = (swap: number) => ({ host: `h${String(swap)}.example`, paths: [{ service: 'shop' }] })

async function tables(admin: number): Promise<number> {
  const { body } = await rawRequest(
    { port: admin },
    'GET /metrics HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n',
  )
  return Number(/^postern_tables_total (\d+)/m.exec(body)?.[1])
}

/** Answers that drip until `finish`. */
async function slowUpstream(closing: AsyncDisposableStack) {
  const open = new Set<{ write(text: string): unknown; end(text: string): unknown }>()
  const upstream = await startUpstream('slow', {
    respond: (_, response) => {
      response.write('first')
      open.add(response)
      response.on('close', () => open.delete(response))
    },
  })
  closing.defer(() => upstream.close())
  const dripping = setInterval(() => open.forEach((response) => response.write('x'.repeat(100))), 100)
  closing.defer(() => clearInterval(dripping))
  return {
    endpoint: upstream.endpoint,
    open: () => open.size,
    finish: () => open.forEach((response) => response.end('last')),
  }
}

async function echoServer(closing: AsyncDisposableStack): Promise<{ address: string; port: number }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data, { binary: false })))
  closing.defer(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

async function openSocket(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/ws`, { headers: { Host: HOST } })
  await once(socket, 'open')
  return socket
}

async function startDownload(port: number): Promise<RawClient> {
  const client = await RawClient.open({ port })
  client.write(`GET /slow HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  return client
}

async function say(socket: WebSocket, text: string): Promise<string> {
  const answer = once(socket, 'message')
  socket.send(text)
  return String((await answer)[0] as Buffer)
}
