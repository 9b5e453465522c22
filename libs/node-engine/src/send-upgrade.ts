import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as requestTls } from 'node:https'
import type { Duplex } from 'node:stream'
import { GatewayError, type UpstreamRequest } from '@postern/exchange'
import { FlatHeaderView } from './header-list.ts'
import type { NodeExchange } from './node-exchange.ts'
import { serverNameFor, tlsOptions } from './pools.ts'
import { requestLines, type NodeResponse } from './send.ts'
import { UpstreamBody } from './upstream-body.ts'
import { upstreamError } from './upstream-error.ts'

/** A 101 with the socket that it opened. */
export interface UpgradedResponse extends NodeResponse {
  readonly socket: Duplex
  /** Bytes that came with the head and belong to the new protocol. */
  readonly early: Buffer
}

/**
 * One attempt to switch protocols, on a connection of its own. On node:http and not on undici, because undici
 * destroys the connection when the answer is not a 101, and a 401 or 403 has to reach the client.
 */
export function sendUpgrade(exchange: NodeExchange, request: UpstreamRequest): Promise<NodeResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = open(exchange, request)
    const stopWatching = exchange.onClientGone(() => outgoing.destroy(new GatewayError('client-gone')))
    let connected = false
    const connectTimer = setTimeout(
      () => outgoing.destroy(new GatewayError('connect-timeout', { retrySafe: true })),
      request.timeouts.connectMs,
    )
    outgoing.once('socket', (socket) => {
      socket.once(request.tls === undefined ? 'connect' : 'secureConnect', () => {
        connected = true
        clearTimeout(connectTimer)
        outgoing.setTimeout(request.timeouts.readMs, () =>
          outgoing.destroy(new GatewayError('upstream-read-timeout')),
        )
      })
    })
    outgoing.once('close', () => clearTimeout(connectTimer))
    outgoing.on('error', (error) => {
      stopWatching()
      reject(upstreamError(error, connected))
    })
    outgoing.once('upgrade', (head, socket, early) => {
      stopWatching()
      socket.setTimeout(0)
      const upgraded: UpgradedResponse = { ...responseOf(request, head, 101), upgraded: true, socket, early }
      resolve(upgraded)
    })
    outgoing.once('response', (head) => {
      head.once('close', stopWatching)
      resolve(responseOf(request, head, head.statusCode ?? 502))
    })
    outgoing.end()
  })
}

function open(exchange: NodeExchange, request: UpstreamRequest): ClientRequest {
  const { endpoint, tls, method, target } = request
  const headers = [
    ...requestLines(exchange, request),
    'Connection',
    'Upgrade',
    'Upgrade',
    exchange.upgrade ?? '',
  ]
  const common = {
    host: endpoint.address,
    port: endpoint.port,
    method,
    path: target,
    headers,
    agent: false as const,
  }
  const maxHeaderSize = request.maxResponseHeadBytes
  if (tls === undefined) return requestPlain({ ...common, maxHeaderSize })
  const servername = serverNameFor(request)
  return requestTls({
    ...common,
    maxHeaderSize,
    ...tlsOptions(tls),
    ...(servername !== undefined && { servername }),
  })
}

function responseOf(request: UpstreamRequest, head: IncomingMessage, status: number): NodeResponse {
  const body = new UpstreamBody({
    pause: () => head.pause(),
    resume: () => head.resume(),
    abort: (error) => head.destroy(error),
  })
  head.on('data', (chunk: Buffer) => body.onData(chunk))
  head.pause()
  head.once('end', () => body.onEnd([]))
  head.once('error', (error) => body.onFail(upstreamError(error, true)))
  return {
    status,
    lines: head.rawHeaders,
    headers: new FlatHeaderView(head.rawHeaders),
    endpoint: request.endpoint,
    upgraded: false,
    waitingBody: body,
    text: (maxBytes) => body.text(maxBytes),
    discard: () => body.discard(),
  }
}
