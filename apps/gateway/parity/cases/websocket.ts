import { once } from 'node:events'
import { ingress } from '@postern/testing'
import { WebSocket } from 'ws'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'
import type { Side } from '../room/side.ts'

const HOST = 'ws.example'
const HANDSHAKE = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
}

async function talk(side: Side, path: string, ...messages: readonly string[]): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(side.http)}${path}`, { headers: { Host: HOST } })
  await once(socket, 'open')
  const heard: string[] = []
  for (const message of messages) {
    const answer = once(socket, 'message')
    socket.send(message)
    heard.push(String((await answer)[0] as Buffer).slice(0, 20))
  }
  socket.close(1000)
  const [code] = (await once(socket, 'close')) as [number]
  return `${heard.join(', ')}; closed ${String(code)}`
}

export const webSocket: ParityCase = {
  name: 'WebSocket',
  source:
    'nginx.tmpl: Upgrade and Connection through $connection_upgrade; proxy-read-timeout ends an idle one',
  services: { echo: ['ok'] },
  manifests: () => [
    ingress({ name: 'ws', rules: [{ host: HOST, paths: [{ path: '/ws', service: 'echo' }] }] }),
    ingress({
      name: 'idle',
      annotations: { 'proxy-read-timeout': '1', 'proxy-send-timeout': '1' },
      rules: [{ host: HOST, paths: [{ path: '/idle', service: 'echo' }] }],
    }),
  ],
  nginx: (place) => {
    const timed = DEFAULTS.replace('proxy_read_timeout 60s', 'proxy_read_timeout 1s').replace(
      'proxy_send_timeout 60s',
      'proxy_send_timeout 1s',
    )
    return server(
      place,
      HOST,
      prefix('/ws', `${headers()} ${DEFAULTS} proxy_pass http://echo;`),
      prefix('/idle', `${headers()} ${timed} proxy_pass http://echo;`),
    )
  },
  checks: [
    ask({ host: HOST, target: '/ws/chat?room=1', headers: HANDSHAKE }, '101 echo /ws/chat?room=1'),
    ask(
      { host: HOST, target: '/ws', headers: { ...HANDSHAKE, Origin: 'http://a.example', Cookie: 'a=1' } },
      '101 echo /ws',
    ),
    ask(
      { host: HOST, target: '/ws', headers: { ...HANDSHAKE, 'Sec-WebSocket-Version': '7' } },
      '400 echo /ws',
    ),
    get(HOST, '/ws', '200 echo /ws'),
    scene('messages go both ways', 'echo one, echo two; closed 1000', (side) =>
      talk(side, '/ws', 'one', 'two'),
    ),
    scene('a large message', `echo ${'x'.repeat(15)}; closed 1000`, (side) =>
      talk(side, '/ws', 'x'.repeat(300_000)),
    ),
    scene('an idle one is closed', 'closed without a word', async (side) => {
      const socket = new WebSocket(`ws://127.0.0.1:${String(side.http)}/idle`, { headers: { Host: HOST } })
      await once(socket, 'open')
      const [code] = (await once(socket, 'close')) as [number]
      return code === 1006 ? 'closed without a word' : `closed ${String(code)}`
    }),
  ],
}
