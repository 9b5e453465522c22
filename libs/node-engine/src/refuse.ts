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
export function refuseSocket(socket: Duplex, status: number, reason: string): void {
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

/** Bytes that are no request, or came too slowly, or were too many. */
export function refuseBytes(error: Error, socket: Duplex): void {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  if (code === 'HPE_HEADER_OVERFLOW') refuseSocket(socket, 431, 'the request head is too large')
  else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseSocket(socket, 408, 'the request head took too long')
  else refuseSocket(socket, 400, 'this is no HTTP request')
}
