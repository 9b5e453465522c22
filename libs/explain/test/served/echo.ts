import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
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

/** Upstreams on ports of their own, so that the port tells which was chosen. */
export async function startEchoes(count: number): Promise<EchoServers> {
  const servers: Server[] = []
  for (let index = 0; index < count; index++) {
    const server = createServer((request, response) => {
      const { rawHeaders } = request
      const headers = rawHeaders.flatMap((name, i): [string, string][] =>
        i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? '']] : [],
      )
      const address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
      const echo: Echo = {
        at: address,
        method: request.method ?? '',
        target: request.url ?? '',
        headers: headers.sort(byText),
      }
      response.setHeader('content-type', 'application/json')
      response.setHeader('x-echo', Buffer.from(JSON.stringify(echo)).toString('base64url'))
      // Whoever answers before the body is there ends the connection: its client cannot send another request.
      request.once('end', () => response.end())
      request.resume()
    })
    server.keepAliveTimeout = 60_000
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    servers.push(server)
  }
  return {
    endpoints: servers.map((server) => ({
      address: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    })),
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

export function byText(a: readonly [string, string], b: readonly [string, string]): number {
  return a.join('\0') < b.join('\0') ? -1 : 1
}
