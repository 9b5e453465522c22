import {
  EditList,
  parseRequestPath,
  type Engine,
  type Exchange,
  type HeaderEdits,
  type HeaderView,
  type RelayResult,
  type Reply,
  type UpstreamRequest,
  type UpstreamResponse,
} from '@postern/exchange'
import { parseHostName, type HostName } from '@postern/routing-table'

type Lines = readonly (readonly [name: string, value: string])[]

export interface FakeRequest {
  readonly method?: string
  readonly target?: string
  readonly host?: string
  readonly headers?: Lines
  readonly scheme?: 'http' | 'https'
  readonly remoteAddress?: string
  /** Undefined for a body of unknown length. */
  readonly bodyLength?: number | undefined
  /** A body that has passed. */
  readonly body?: string
  readonly tls?: Exchange['connection']['tls']
}

/** What went back to the client. */
export interface FakeAnswer {
  readonly status: number
  readonly headers: Lines
  readonly body: string
  get(name: string): string | undefined
  all(name: string): readonly string[]
}

/** A request as the fake upstream got it: the client's lines with the edits, or the request's own. */
export interface FakeSent {
  readonly request: UpstreamRequest
  readonly headers: Lines
  get(name: string): string | undefined
}

export type FakeRespond = (sent: FakeSent) => {
  readonly status: number
  readonly headers?: Lines
  readonly body?: string
}

/** An engine without sockets, for suites about filters: proves that the planes need nothing of an engine but its seam. */
export class FakeEngine implements Engine {
  readonly sent: FakeSent[] = []
  respond: FakeRespond = () => ({ status: 200, body: 'ok' })
  readonly #answers = new Map<Exchange, FakeAnswer>()

  answerTo(exchange: Exchange): FakeAnswer {
    const answer = this.#answers.get(exchange)
    if (answer === undefined) throw new Error('the exchange was never answered')
    return answer
  }

  listen(): Promise<never> {
    return Promise.reject(new Error('the fake engine listens nowhere'))
  }

  send(exchange: Exchange, request: UpstreamRequest): Promise<UpstreamResponse> {
    const lines = request.ownHeaders ?? edited(linesOf(exchange.headers), exchange.requestEdits)
    const sent = { request, headers: lines, get: (name: string) => viewOf(lines).get(name) }
    this.sent.push(sent)
    const { status, headers = [], body = '' } = this.respond(sent)
    return Promise.resolve({
      status,
      headers: viewOf(headers),
      endpoint: request.endpoint,
      upgraded: status === 101,
      text: () => Promise.resolve(body),
      discard: () => undefined,
    })
  }

  async relay(exchange: Exchange, response: UpstreamResponse): Promise<RelayResult> {
    return this.#answer(exchange, response.status, linesOf(response.headers), await response.text(1_000_000))
  }

  tunnel(exchange: Exchange, response: UpstreamResponse): Promise<RelayResult> {
    return this.relay(exchange, response)
  }

  reply(exchange: Exchange, { status, headers, body }: Reply): Promise<RelayResult> {
    return Promise.resolve(this.#answer(exchange, status, headers, body))
  }

  prune(): void {
    // There are no connections.
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #answer(exchange: Exchange, status: number, lines: Lines, body: string): RelayResult {
    const headers = edited(lines, exchange.responseEdits)
    const all = (name: string): string[] =>
      headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
    this.#answers.set(exchange, { status, headers, body, all, get: (name) => all(name)[0] })
    return { status, bodyBytes: body.length, complete: true }
  }
}

/** An exchange that was never on a wire. Without a body unless `bodyLength` is given. */
export function fakeExchange(
  options: FakeRequest = {},
): Exchange & { readonly bodyLimit: number | undefined } {
  const { method = 'GET', target = '/', host = 'shop.example', headers = [], scheme = 'http', tls } = options
  const path = parseRequestPath(target)
  const hostName = parseHostName(host)
  if ('refused' in path || hostName === undefined) throw new Error(`no legal request: ${host}${target}`)
  const facts = {
    scheme,
    remoteAddress: options.remoteAddress ?? '192.0.2.1',
    remotePort: 40_000,
    localPort: scheme === 'https' ? 8443 : 8080,
    id: 1,
  }
  let bodyLimit: number | undefined
  return {
    method,
    target,
    path,
    host: hostName satisfies HostName,
    authority: host,
    httpVersion: '1.1',
    headers: viewOf([['Host', host], ...headers]),
    body: {
      length: 'bodyLength' in options ? options.bodyLength : (options.body?.length ?? 0),
      replayable: true,
    },
    connection: { ...facts, ...(tls && { tls }) },
    upgrade: undefined,
    requestEdits: new EditList(),
    responseEdits: new EditList(),
    signal: new AbortController().signal,
    limitBody: (maxBytes) => (bodyLimit = maxBytes),
    copyBody: (maxBytes) => {
      const body = new TextEncoder().encode(options.body ?? '')
      return Promise.resolve(body.length > maxBytes ? undefined : body)
    },
    get bodyLimit() {
      return bodyLimit
    },
  }
}

function viewOf(lines: Lines): HeaderView {
  const values = (name: string): string[] =>
    lines.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  return {
    get: (name) =>
      values(name).length === 0
        ? undefined
        : values(name).join(name.toLowerCase() === 'cookie' ? '; ' : ', '),
    has: (name) => values(name).length > 0,
    each: (visit) => lines.forEach(([name, value]) => visit(name, value)),
  }
}

function linesOf(view: HeaderView): Lines {
  const lines: (readonly [string, string])[] = []
  view.each((name, value) => lines.push([name, value]))
  return lines
}

function edited(lines: Lines, edits: HeaderEdits): Lines {
  let result = [...lines]
  edits.each((kind, name, value) => {
    if (kind !== 'add') result = result.filter(([key]) => key.toLowerCase() !== name.toLowerCase())
    if (value !== undefined) result.push([name, value])
  })
  return result
}
