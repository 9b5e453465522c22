import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Diagnostic } from '@postern/control-plane'
import { listenError } from '@postern/exchange'
import { findingsMetric } from './findings-metric.ts'
import type { ListenAddress } from './listen-address.ts'

/** What the admin port shows. Each page is made when it is asked for. */
export interface AdminPages {
  readonly ready: () => boolean
  readonly metrics: () => Promise<string> | string
  readonly table: () => unknown
  readonly diagnostics: () => readonly Diagnostic[]
  /** The explanation that `?url=…&method=…` asks for; absent where it cannot be given. Throws what is wrong with the question. */
  readonly explain?: (query: URLSearchParams) => Promise<unknown>
}

export interface AdminServer {
  readonly port: number
  close(): Promise<void>
}

type Page = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/**
 * Probes, metrics and the current table on a port of their own; never proxied traffic.
 * Bound to loopback unless told otherwise: it shows the whole configuration (keys redacted).
 */
export async function startAdmin(address: ListenAddress, pages: AdminPages): Promise<AdminServer> {
  const routes: Record<string, Page> = {
    '/healthz': (_request, response) => send(response, 200, 'text/plain', 'ok\n'),
    '/readyz': (_request, response) =>
      pages.ready()
        ? send(response, 200, 'text/plain', 'ok\n')
        : send(response, 503, 'text/plain', 'not ready\n'),
    '/metrics': async (_request, response) =>
      send(
        response,
        200,
        'text/plain; version=0.0.4',
        (await pages.metrics()) + findingsMetric(pages.diagnostics()),
      ),
    '/table': async (_request, response) => sendJson(response, 200, await pages.table()),
    '/diagnostics': (_request, response) => sendJson(response, 200, pages.diagnostics()),
    ...(pages.explain && { '/explain': explainPage(pages.explain) }),
  }
  const server = createServer((request, response) => {
    void answer(routes, request, response)
  })
  const port = await bind(server, address)
  return { port, close: () => closeServer(server) }
}

/** 400 names what is wrong with the question. */
function explainPage(explain: NonNullable<AdminPages['explain']>): Page {
  return async (request, response) => {
    try {
      sendJson(response, 200, await explain(new URL(request.url ?? '/', 'http://admin').searchParams))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      sendProblem(response, 400, error.message)
    }
  }
}

async function answer(routes: Record<string, Page>, request: IncomingMessage, response: ServerResponse) {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  const page = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (page === undefined) {
    sendProblem(response, 404, `no such page; there are ${Object.keys(routes).join(', ')}`)
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    sendProblem(response, 405, 'pages of the admin port are read with GET')
  } else {
    try {
      await page(request, response)
    } catch (error) {
      sendProblem(response, 500, error instanceof Error ? error.message : String(error))
    }
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response
    .writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
    .end(body)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', `${JSON.stringify(value, null, 2)}\n`)
}

/** RFC 9457. */
function sendProblem(response: ServerResponse, status: number, detail: string): void {
  send(response, status, 'application/problem+json', `${JSON.stringify({ status, detail })}\n`)
}

function bind(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)))
    server.listen(port, host, () => {
      const bound = server.address()
      resolve(bound !== null && typeof bound === 'object' ? bound.port : port)
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
