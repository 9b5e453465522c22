import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import { accessLines } from './access-line.ts'
import type { LogOutput } from './log-output.ts'
import type { RequestTimes } from './metrics.ts'
import type { ServiceSettings } from './settings.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The peer of the connection, `address:port`, from before it may be gone. */
    peer: string
  }
}

/** What {@link RequestLog} needs. */
export interface RequestLogOptions {
  readonly settings: Pick<ServiceSettings, 'name' | 'logLevel'>
  readonly output: LogOutput
  readonly times: RequestTimes
}

type RouteOptions = FastifyRequest['routeOptions']

/** Levels at which a line of level `info` is written. */
const SHOWS_ACCESS: ReadonlySet<string> = new Set(['trace', 'debug', 'info'])

/**
 * One line and one measurement per request, when its answer is sent; nothing of headers (but the user agent), query or bodies.
 * Fastify calls it for every request, so that the kit needs no hooks for this.
 */
export class RequestLog extends LogController {
  readonly #options: RequestLogOptions
  readonly #line: ReturnType<typeof accessLines>

  constructor(options: RequestLogOptions) {
    super({ requestIdLogLabel: 'requestId' })
    this.#options = options
    this.#line = accessLines(options.settings.name)
  }

  /** No line, it comes with the answer; only what every answer has. By then a request that was cut, or whose body a proxy gave up, has no socket any more. */
  override incomingRequest(request: FastifyRequest, reply: FastifyReply): void {
    request.peer = peerOf(request.raw.socket)
    reply.header('x-request-id', request.id)
    // A task's text must not become a page of this host in a browser that guesses types (Fetch §3.6).
    reply.header('x-content-type-options', 'nosniff')
  }

  override requestCompleted(
    _error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { settings, output, times } = this.#options
    const route = request.routeOptions
    const durationMs = reply.elapsedTime
    times.observe(request.method, route.url, reply.statusCode, durationMs)
    if (!isLogged(route, settings.logLevel)) return
    const record = {
      requestId: request.id,
      method: request.method,
      path: safePath(request.url, route.url),
      httpVersion: request.raw.httpVersion,
      status: reply.statusCode,
      durationMs: Math.round(durationMs * 10) / 10,
      remote: request.peer,
      userAgent: request.headers['user-agent'] ?? '',
    }
    output.write(this.#line(record, Date.now()))
  }
}

function isLogged({ config, logLevel }: RouteOptions, serviceLevel: string): boolean {
  return config?.unlogged !== true && SHOWS_ACCESS.has(logLevel || serviceLevel)
}

function peerOf({ remoteAddress = '-', remotePort = 0 }: Socket): string {
  return `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`
}

/** An address that no route knows shows its first part only: `/hashed-password/…` must not tell the rest (W25). */
function safePath(url: string, route: string | undefined): string {
  if (url === route) return url
  if (route?.includes(':') === true) return route
  const query = url.indexOf('?')
  const path = query === -1 ? url : url.slice(0, query)
  return route === undefined ? path.replace(/^(\/[^/]*\/).+$/s, '$1…') : path
}
