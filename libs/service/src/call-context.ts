import type { FastifyRequest } from 'fastify'

/** W3C Trace Context §3.2: version, trace id, parent id, flags. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/

/** What calls to other services carry on, so that one id leads through all their logs. */
export function callContext(request: Pick<FastifyRequest, 'id' | 'headers'>): {
  readonly requestId: string
  readonly traceparent?: string
} {
  const traceparent = request.headers['traceparent']
  const usable = typeof traceparent === 'string' && TRACEPARENT.test(traceparent)
  return { requestId: request.id, ...(usable && { traceparent }) }
}
