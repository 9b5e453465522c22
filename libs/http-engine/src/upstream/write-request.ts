import { GatewayError } from '@postern/exchange'
import { ownLines } from '../head/own-lines.ts'
import { passedFields } from '../head/passed-fields.ts'
import type { Attempt } from './attempt.ts'

const LEGAL_TARGET = /^[\x21-\x22\x24-\x7e]+$/
const LEGAL_METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}$/
const LEGAL_HOST = /^[\x21-\x7e]*$/

/**
 * The head of the request that goes upstream: our own start line, Host and framing, the client's lines without what belongs to
 * its connection, and the edits last, so that nothing the client wrote can take an edit away.
 * @throws GatewayError `internal` when what the caller completed is no legal HTTP: it would be another request to the upstream.
 */
export function requestHead(attempt: Attempt): string {
  const { exchange, request } = attempt
  const { method, target, host } = request
  if (target !== exchange.facts.target && !LEGAL_TARGET.test(target)) throw illegal('target', target)
  if (method !== exchange.facts.method && !LEGAL_METHOD.test(method)) throw illegal('method', method)
  if (host !== exchange.facts.authority && !LEGAL_HOST.test(host)) throw illegal('host', host)
  const start = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n`
  if (request.ownHeaders !== undefined)
    return start + ownLines(request.ownHeaders) + framing(attempt) + '\r\n'
  const edits = exchange.madeRequestEdits
  const lines = passedFields(exchange.headers, edits) + (edits === undefined ? '' : edits.lines())
  return start + lines + connection(attempt) + framing(attempt) + '\r\n'
}

function connection({ exchange, upgrade }: Attempt): string {
  if (upgrade !== undefined) return `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`
  // RFC 9110 §10.1.4: TE goes from hop to hop, and we do pass trailers on.
  return exchange.facts.acceptsTrailers ? 'Connection: TE\r\nTE: trailers\r\n' : ''
}

function framing({ exchange, request }: Attempt): string {
  if (request.body === 'none') return expectsLength(request.method) ? 'Content-Length: 0\r\n' : ''
  if (request.body !== 'exchange') return `Content-Length: ${String(request.body.length)}\r\n`
  const { kind } = exchange.body.framing
  if (kind === 'chunked') return 'Transfer-Encoding: chunked\r\n'
  if (kind === 'length') return `Content-Length: ${String(exchange.body.length)}\r\n`
  return expectsLength(request.method) ? 'Content-Length: 0\r\n' : ''
}

// RFC 9110 §8.6: a method that gives a body a meaning announces that there is none.
function expectsLength(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
}

function illegal(what: string, value: string): GatewayError {
  return new GatewayError('internal', {
    detail: `the upstream request has no legal ${what}: ${JSON.stringify(value)}`,
  })
}
