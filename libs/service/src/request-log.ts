import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'

/** What an access line tells; `common-log.ts` writes the lab's form from the same fields. */
export interface AccessRecord {
  readonly method: string
  /** Without the query; a parameter of the path is written as its name, because it may be a secret. */
  readonly path: string
  readonly httpVersion: string
  readonly status: number
  readonly durationMs: number
  /** The peer of the connection, `address:port`. */
  readonly remote: string
  readonly userAgent: string
}

/** One line per request, when its answer is sent; nothing of headers (but the user agent), query or bodies. */
export class RequestLog extends LogController {
  readonly #peers = new WeakMap<FastifyRequest, string>()

  constructor() {
    super({ requestIdLogLabel: 'requestId' })
  }

  /** No line, it comes with the answer; but by then a request that was cut, or whose body a proxy gave up, has no socket any more. */
  override incomingRequest(request: FastifyRequest): void {
    this.#peers.set(request, peerOf(request.raw.socket))
  }

  override requestCompleted(
    _error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    if (request.routeOptions.config.unlogged === true) return
    reply.log.info(accessRecord(request, reply, this.#peers.get(request) ?? '-:0'), 'request')
  }
}

function peerOf({ remoteAddress = '-', remotePort = 0 }: Socket): string {
  return `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`
}

function accessRecord(request: FastifyRequest, reply: FastifyReply, remote: string): AccessRecord {
  return {
    method: request.method,
    path: safePath(request),
    httpVersion: request.raw.httpVersion,
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 10) / 10,
    remote,
    userAgent: request.headers['user-agent'] ?? '',
  }
}

/** An address that no route knows shows its first part only: `/hashed-password/…` must not tell the rest (W25). */
function safePath(request: FastifyRequest): string {
  const route = request.routeOptions.url
  const path = request.url.split('?', 1)[0] ?? '/'
  if (route === undefined) return path.replace(/^(\/[^/]*\/).+$/s, '$1…')
  return route.includes(':') ? route : path
}
