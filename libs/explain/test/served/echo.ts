import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { makeAuthority } from '@postern/testing'
import type { Endpoint } from '@postern/routing-table'

/** What an upstream saw of a request; it answers with this as JSON. */
export interface Echo {
  readonly at: string
  readonly method: string
  readonly target: string
  /** In lower case, sorted. */
  readonly headers: readonly (readonly [string, string])[]
}

export interface EchoServers extends AsyncDisposable {
  readonly endpoints: readonly Endpoint[]
}

/** Upstreams on ports of their own, so that the port tells which was chosen. They speak HTTP and HTTPS, as they are spoken to. */
export async function startEchoes(count: number): Promise<EchoServers> {
  const { certPem, keyPem } = await (await makeAuthority()).issue('echo.example')
  const servers: Server[] = []
  const speakers: HttpServer[] = []
  for (let index = 0; index < count; index++) {
    const answer: RequestListener = (request, response) => echo(server, request, response)
    const plain = createHttpServer(answer)
    const secure = createHttpsServer({ cert: certPem, key: keyPem }, answer)
    plain.keepAliveTimeout = secure.keepAliveTimeout = 60_000
    const server = createServer((socket) => speak(socket, plain, secure))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
    speakers.push(plain, secure)
  }
  return {
    endpoints: servers.map((server) => ({ address: '127.0.0.1', port: portOf(server) })),
    [Symbol.asyncDispose]: async () => {
      for (const speaker of speakers) speaker.closeAllConnections()
      for (const server of servers) await new Promise((resolve) => server.close(resolve))
    },
  }
}

const TLS_HANDSHAKE = 22

// The first byte tells a ClientHello from a request line.
function speak(socket: Socket, plain: HttpServer, secure: HttpServer): void {
  socket.on('error', () => socket.destroy())
  socket.once('readable', () => {
    const first = socket.read(1) as Buffer | null
    if (first === null) return
    socket.unshift(first)
    ;(first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket)
  })
}

function echo(server: Server, request: IncomingMessage, response: ServerResponse): void {
  const { rawHeaders } = request
  const headers = rawHeaders.flatMap((name, i): [string, string][] =>
    i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? '']] : [],
  )
  const seen: Echo = {
    at: `127.0.0.1:${String(portOf(server))}`,
    method: request.method ?? '',
    target: request.url ?? '',
    headers: headers.sort(byText),
  }
  response.setHeader('content-type', 'application/json')
  response.setHeader('x-echo', Buffer.from(JSON.stringify(seen)).toString('base64url'))
  // Whoever answers before the body is there ends the connection: its client cannot send another request.
  request.once('end', () => response.end())
  request.resume()
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

export function byText(a: readonly [string, string], b: readonly [string, string]): number {
  return a.join('\0') < b.join('\0') ? -1 : 1
}
