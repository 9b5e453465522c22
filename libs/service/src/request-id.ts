import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Short enough for a log line, no character that ends or forges one. */
const ACCEPTABLE = /^[\w.:-]{1,128}$/

/** The id of a request: the one that the caller or gateway sent as `X-Request-ID` when it is harmless, else a new one. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && ACCEPTABLE.test(sent) ? sent : randomUUID()
}
