// Upstreams that write down what reaches them. Both gateways are in front of the same ones, one after the other.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:https'
import { closedPort, makeAuthority, type TestCertificate } from '@postern/testing'
import { WebSocketServer } from 'ws'
import type { EndpointKind } from '../case.ts'

/** A request as an endpoint saw it. */
export interface Sighting {
  readonly service: string
  readonly endpoint: number
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export interface Upstreams extends AsyncDisposable {
  readonly port: (service: string, index?: number) => number
  /** PEM of who issued the certificate of `tls` endpoints, which is for `upstream.example`. */
  readonly authorityPem: string
  readonly services: () => readonly (readonly [name: string, ports: readonly number[]])[]
  /** Everything seen since the last call. */
  readonly take: () => readonly Sighting[]
}

export async function startUpstreams(
  services: Readonly<Record<string, readonly EndpointKind[]>>,
): Promise<Upstreams> {
  const seen: Sighting[] = []
  const servers: Server[] = []
  const stack = new AsyncDisposableStack()
  const authority = await makeAuthority('Upstream Authority')
  const certificate = await authority.issue('upstream.example')
  const ports = new Map<string, number[]>()
  for (const [service, kinds] of Object.entries(services)) {
    const of: number[] = []
    ports.set(service, of)
    for (const [endpoint, kind] of kinds.entries()) {
      if (kind === 'refused') of.push(await closedPort())
      else if (kind === 'full') of.push(await fullPort(stack))
      else {
        const server = await recorder({ service, endpoint, kind }, certificate, seen)
        servers.push(server)
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        of.push((server.address() as AddressInfo).port)
      }
    }
  }
  return {
    authorityPem: authority.certPem,
    port: (service, index = 0) => {
      const port = ports.get(service)?.[index]
      if (port === undefined) throw new RangeError(`no endpoint ${String(index)} of ${service} in this case`)
      return port
    },
    services: () => [...ports],
    take: () => seen.splice(0),
    [Symbol.asyncDispose]: async () => {
      await stack.disposeAsync()
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

// A listener that never accepts, and whose queue is full: further handshakes are dropped, as on the way to a lost node.
const NOBODY_ACCEPTS = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  process.stdout.write(String(this.address().port) + '\\n', () =>
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
})`

async function fullPort(stack: AsyncDisposableStack): Promise<number> {
  const child = spawn(process.execPath, ['-e', NOBODY_ACCEPTS], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  stack.defer(async () => {
    child.kill('SIGKILL')
    await gone
  })
  const port = Number(String((await once(child.stdout, 'data'))[0] as Buffer))
  const sockets = Array.from({ length: 4 }, () => connect({ port, host: '127.0.0.1' }))
  for (const socket of sockets) socket.on('error', () => undefined)
  stack.defer(() => sockets.forEach((socket) => socket.destroy()))
  return port
}

interface Recorded {
  readonly service: string
  readonly endpoint: number
  readonly kind: EndpointKind
}

async function recorder(
  { service, endpoint, kind }: Recorded,
  { certPem, keyPem }: TestCertificate,
  seen: Sighting[],
): Promise<Server> {
  const take = (message: IncomingMessage, response: ServerResponse): void => {
    void readBody(message).then(
      (body) => {
        seen.push({ service, endpoint, ...lineOf(message), body })
        answer(kind, message, response)
      },
      // The gateway gave up in the middle of a body: that was no request.
      () => response.destroy(),
    )
  }
  const server =
    kind === 'tls'
      ? createTlsServer({ cert: certPem, key: keyPem })
      : createServer({ requireHostHeader: false })
  server.on('request', take)
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (message, socket, head) => {
    seen.push({ service, endpoint, ...lineOf(message), body: '' })
    sockets.handleUpgrade(message, socket, head, (peer) => {
      peer.on('message', (data) => peer.send(`echo ${String(data as Buffer)}`))
    })
  })
  return server
}

function lineOf(message: IncomingMessage): Pick<Sighting, 'method' | 'target' | 'headers'> {
  const headers: (readonly [string, string])[] = []
  for (let i = 0; i < message.rawHeaders.length; i += 2)
    headers.push([String(message.rawHeaders[i]).toLowerCase(), String(message.rawHeaders[i + 1])])
  return { method: message.method ?? '', target: message.url ?? '', headers }
}

// The client says what it wants to be answered, in headers that both gateways pass on.
function answer(kind: EndpointKind, { headers, socket }: IncomingMessage, response: ServerResponse): void {
  if (kind === 'reset') return void socket.destroy()
  if (kind === 'slow' && headers['answer-never'] === undefined)
    return void setTimeout(() => answer('ok', { headers, socket } as IncomingMessage, response), 30)
  if (kind === 'silent' || headers['answer-never'] !== undefined) return
  const status = kind === '503' ? 503 : Number(headers['answer-status'] ?? 200)
  const padding = Number(headers['answer-padding'] ?? 0)
  if (padding > 0) response.setHeader('X-Padding', 'p'.repeat(padding))
  const wanted = String(headers['answer-headers'] ?? '')
  for (const line of wanted.split('|').filter((one) => one !== '')) {
    const colon = line.indexOf(':')
    response.appendHeader(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  response.statusCode = status
  const body = 'answered'.repeat(Math.ceil(Number(headers['answer-bytes'] ?? 8) / 8))
  response.end(status === 204 || status === 304 ? undefined : body)
}

async function readBody(message: IncomingMessage): Promise<string> {
  message.setEncoding('latin1')
  let body = ''
  for await (const chunk of message) body += String(chunk)
  return body
}
