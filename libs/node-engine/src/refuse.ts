import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Refusal } from './node-exchange.ts'

/** Answers a request that never became an exchange, and closes: what follows on this connection cannot be trusted. */
export function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  response.shouldKeepAlive = false
  const body = `${reason}\n`
  response.writeHead(status, [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(body)),
  ])
  response.end(body)
}

/** The same for a socket that has no response object. */
export function refuseSocket(socket: Duplex, { status, reason }: Refusal): void {
  if (!socket.writable) return void socket.destroy()
  const body = `${reason}\n`
  const head = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** What to say to bytes that are no request, or came too slowly, or were too many; nothing to a peer that is gone. */
export function refusalOf(error: Error): Refusal | undefined {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNRESET') return undefined
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, reason: 'the request head is too large' }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, reason: 'the request head took too long' }
  return { status: 400, reason: 'this is no HTTP request' }
}
