import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  EditList,
  parseRequestPath,
  type ConnectionFacts,
  type Exchange,
  type HeaderView,
  type ListenerLimits,
  type RequestPath,
} from '@postern/exchange'
import { parseHostName, type HostName } from '@postern/routing-table'
import { ClientBody } from './client-body.ts'
import { FlatHeaderView } from './header-list.ts'

/** Why a request never became an exchange: answered by the engine itself. */
export interface Refusal {
  readonly status: number
  readonly reason: string
}

export interface ClientSide {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly connection: ConnectionFacts
  readonly limits: ListenerLimits
  readonly upgrade: string | undefined
  /** True for the last request of a connection, and once the listener stops: the response then closes it. */
  readonly mustClose: () => boolean
}

interface Target {
  readonly authority: string
  readonly host: HostName
  readonly path: RequestPath
  readonly target: string
}

/** The exchange of this engine; other engines' exchanges are refused by `send` and its neighbours. */
export class NodeExchange implements Exchange {
  readonly method: string
  readonly target: string
  readonly path: RequestPath
  readonly host: HostName
  readonly authority: string
  readonly httpVersion: '1.0' | '1.1'
  readonly headers: HeaderView
  readonly body: ClientBody
  readonly connection: ConnectionFacts
  readonly upgrade: string | undefined
  readonly requestEdits = new EditList()
  readonly responseEdits = new EditList()
  readonly client: ClientSide
  #abort: AbortController | undefined

  private constructor(client: ClientSide, { authority, host, path, target }: Target) {
    const { request } = client
    this.client = client
    this.method = request.method ?? 'GET'
    this.target = target
    this.path = path
    this.host = host
    this.authority = authority
    this.httpVersion = request.httpVersion === '1.0' ? '1.0' : '1.1'
    this.headers = new FlatHeaderView(request.rawHeaders)
    this.body = new ClientBody(client)
    this.connection = client.connection
    this.upgrade = client.upgrade
  }

  static from(client: ClientSide): NodeExchange | Refusal {
    const target = readTarget(client)
    return 'status' in target ? target : new NodeExchange(client, target)
  }

  /** True when the client has gone before its response was complete. */
  get clientGone(): boolean {
    const { response } = this.client
    return response.destroyed && !response.writableFinished
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const abort = new AbortController()
      this.#abort = abort
      if (this.clientGone) abort.abort()
      else this.onClientGone(() => abort.abort())
    }
    return this.#abort.signal
  }

  /** Calls back at most once, when the client leaves before its response is complete. Returns a way to stop listening. */
  onClientGone(react: () => void): () => void {
    const { response } = this.client
    const onClose = (): void => {
      if (!response.writableFinished) react()
    }
    response.once('close', onClose)
    return () => response.off('close', onClose)
  }

  limitBody(maxBytes: number): void {
    this.body.limit(maxBytes)
  }

  copyBody(maxBytes: number): Promise<Uint8Array | undefined> {
    return this.body.copy(maxBytes)
  }
}

function readTarget({ request, limits }: ClientSide): Target | Refusal {
  if (request.rawHeaders.length / 2 > limits.maxHeaderCount) {
    return { status: 431, reason: `more than ${String(limits.maxHeaderCount)} header lines` }
  }
  const hosts = request.rawHeaders.filter(
    (_, i) => i % 2 === 1 && request.rawHeaders[i - 1]?.toLowerCase() === 'host',
  )
  // RFC 9112 §3.2: a request without exactly one Host is a 400; only HTTP/1.0 knew requests without one.
  if (hosts.length > 1 || (hosts.length === 0 && request.httpVersion !== '1.0')) {
    return { status: 400, reason: 'expected exactly one Host header' }
  }
  const { authority, target } = splitTarget(request.url ?? '', hosts[0] ?? '')
  const host = parseHostName(authority)
  if (host === undefined) return { status: 400, reason: 'the Host header is no legal host name' }
  const path = parseRequestPath(target)
  return 'refused' in path ? { status: 400, reason: path.refused } : { authority, host, path, target }
}

// RFC 9112 §3.2.2: the authority of an absolute-form target replaces the Host header.
function splitTarget(url: string, hostHeader: string): { authority: string; target: string } {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url)
  if (absolute === null) return { authority: hostHeader, target: url }
  const rest = absolute[2] ?? ''
  return { authority: absolute[1] ?? '', target: rest.startsWith('/') ? rest : `/${rest}` }
}
