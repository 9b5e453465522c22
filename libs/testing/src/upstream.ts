import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Endpoint } from '@postern/routing-table'

/** A request as an upstream saw it. */
export interface SeenRequest {
  readonly method: string
  readonly target: string
  /** Names in lower case; several lines of one name in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export interface Upstream {
  readonly endpoint: Endpoint
  readonly port: number
  /** Complete requests, in the order of their arrival. */
  readonly seen: SeenRequest[]
  /** Connections that were ever accepted. */
  connections(): number
  close(): Promise<void>
}

export type Respond = (request: SeenRequest, response: ServerResponse, message: IncomingMessage) => void

export interface UpstreamOptions {
  readonly respond?: Respond
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly tls?: { readonly certPem: string; readonly keyPem: string; readonly clientCaPem?: string }
  readonly host?: string
}

/** An HTTP server on a free port of loopback. Without `respond` it answers 200 and `name path`. */
export async function startUpstream(name: string, options: UpstreamOptions = {}): Promise<Upstream> {
  const seen: SeenRequest[] = []
  const server = makeServer(options.tls)
  const respond = options.respond ?? ((request, response) => response.end(`${name} ${request.target}`))
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    void readRequest(message).then(
      (request) => {
        seen.push(request)
        respond(request, response, message)
      },
      // The sender left in the middle of its body: nothing to answer, nothing seen.
      () => response.destroy(),
    )
  })
  if (options.upgrade !== undefined) server.on('upgrade', options.upgrade)
  return listening(server, seen, options.host ?? '127.0.0.1')
}

/** A TCP server that is handed each connection: for answers that no HTTP library would write. */
export async function startRawUpstream(onConnection: (socket: Socket) => void): Promise<Upstream> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy())
    onConnection(socket)
  })
  return listening(server, [], '127.0.0.1')
}

/** A port of loopback where nobody listens. */
export async function closedPort(): Promise<number> {
  const upstream = await startRawUpstream((socket) => socket.destroy())
  await upstream.close()
  return upstream.port
}

function makeServer(tls: UpstreamOptions['tls']): Server {
  if (tls === undefined) return createServer({ requireHostHeader: false })
  return createTlsServer({
    cert: tls.certPem,
    key: tls.keyPem,
    ...(tls.clientCaPem !== undefined && { ca: tls.clientCaPem, requestCert: true }),
  })
}

async function listening(
  server: Server | ReturnType<typeof createTcpServer>,
  seen: SeenRequest[],
  host: string,
) {
  const sockets = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket: Socket) => {
    accepted += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { endpoint: { address: host, port }, port, seen, connections: () => accepted, close }
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  message.setEncoding('latin1')
  let body = ''
  for await (const chunk of message) body += String(chunk)
  const headers: (readonly [string, string])[] = []
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    headers.push([String(message.rawHeaders[i]).toLowerCase(), String(message.rawHeaders[i + 1])])
  }
  return { method: message.method ?? '', target: message.url ?? '', headers, body }
}

/** All values of one header, in order. `name` in lower case. */
export function headerValues(request: SeenRequest, name: string): readonly string[] {
  return request.headers.filter(([key]) => key === name).map(([, value]) => value)
}
