import { domainToASCII } from 'node:url'

/** A request to explain: what a client would put on the wire, and from where. */
export interface ExplainRequest {
  readonly scheme: 'http' | 'https'
  /** As in the URL: what the client would look up and, with TLS, ask for as server name. */
  readonly serverName: string
  /** Value of the Host header. */
  readonly authority: string
  /** Port that the client connects to. */
  readonly port: number
  /** Path and query as written: never normalised on the way in. */
  readonly target: string
  readonly method: string
  /** Without Host. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly from: string
}

export interface RequestWords {
  readonly url: string
  readonly method?: string
  /** Lines as curl's -H takes them: `Name: value`. */
  readonly headers?: readonly string[]
  readonly from?: string
}

const URL_FORM = /^(?:(https?):\/\/)?([^/?#]+)([^#]*)/i

const OTHER_SCHEME = /^(?!https?:\/\/[^/])[a-z][a-z0-9+.-]*:\/\//i

// RFC 9110 §5.6.2.
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i

/** A documentation address (RFC 5737): nobody's, so that no list of addresses fits by chance. */
const SOMEBODY = '192.0.2.1'

/** @throws RangeError that says what was expected. */
export function parseExplainRequest(words: RequestWords): ExplainRequest {
  const { isTls, host, port, rest } = parseUrl(words.url)
  const lines = (words.headers ?? []).map(headerLine)
  const from = words.from ?? SOMEBODY
  if (!ADDRESS.test(from)) throw new RangeError(`--from: expected an IP address; got "${from}"`)
  const method = (words.method ?? 'GET').toUpperCase()
  if (!TOKEN.test(method)) throw new RangeError(`-X: expected a method such as POST; got "${method}"`)
  const authority = port === undefined ? host : `${host}:${port}`
  return {
    scheme: isTls ? 'https' : 'http',
    serverName: host.toLowerCase(),
    authority: lines.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? authority,
    port: Number(port ?? (isTls ? 443 : 80)),
    target: rest.startsWith('/') ? rest : `/${rest}`,
    method,
    headers: lines.filter(([name]) => name.toLowerCase() !== 'host'),
    from,
  }
}

/** The parts of a URL as a browser would send them, or a reason why none would. */
function parseUrl(url: string) {
  const expected = (hint?: string): RangeError =>
    new RangeError(
      `expected a URL as https://shop.example/path; got "${url}"${hint === undefined ? '' : `: ${hint}`}`,
    )
  if (/\s/.test(url)) throw expected('write a space as %20')
  const [, scheme = 'http', authority = '', rest = ''] = OTHER_SCHEME.test(url)
    ? []
    : (URL_FORM.exec(url) ?? [])
  if (authority === '') throw expected()
  if (authority.includes('@'))
    throw expected("leave user and password out, and add -H 'Authorization: Basic …'")
  const [, name = authority, port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? []
  const host = isAscii(name) ? name : domainToASCII(name)
  if (host === '') throw expected('the name of the host has characters that no name has')
  return { isTls: scheme.toLowerCase() === 'https', host, port, rest: rest.replace(FOREIGN, encodeURI) }
}

// What URLs have no sign for: it is sent as the %-escapes of its UTF-8 (https://url.spec.whatwg.org/#path-state).
const FOREIGN = /[^\x21-\x7e]+/g

function isAscii(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text)
}

function headerLine(line: string): readonly [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*?)\s*$/.exec(line) ?? []
  if (name === undefined || value === undefined)
    throw new RangeError(`-H: expected 'Name: value'; got "${line}"`)
  return [name, value]
}

/** `GET https://shop.example/path`. */
export function formatRequest({ method, scheme, authority, target }: ExplainRequest): string {
  return `${method} ${scheme}://${authority}${target}`
}
