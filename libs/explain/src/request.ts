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

const URL_FORM = /^(?:(https?):\/\/)?([^/?#\s]+)([^#\s]*)/i

const OTHER_SCHEME = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i

/** A documentation address (RFC 5737): nobody's, so that no list of addresses fits by chance. */
const SOMEBODY = '192.0.2.1'

/** @throws RangeError that says what was expected. */
export function parseExplainRequest(words: RequestWords): ExplainRequest {
  const [, scheme = 'http', authority = '', rest = ''] = OTHER_SCHEME.test(words.url)
    ? []
    : (URL_FORM.exec(words.url) ?? [])
  if (authority === '' || authority.includes('@'))
    throw new RangeError(`expected a URL as https://shop.example/path; got "${words.url}"`)
  const lines = (words.headers ?? []).map(headerLine)
  const from = words.from ?? SOMEBODY
  if (!ADDRESS.test(from)) throw new RangeError(`--from: expected an IP address; got "${from}"`)
  const isTls = scheme.toLowerCase() === 'https'
  const [, host = authority, port] = /^(.*?)(?::(\d+))?$/.exec(authority) ?? []
  return {
    scheme: isTls ? 'https' : 'http',
    serverName: host.toLowerCase(),
    authority: lines.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? authority,
    port: Number(port ?? (isTls ? 443 : 80)),
    target: rest.startsWith('/') ? rest : `/${rest}`,
    method: methodOf(words.method ?? 'GET'),
    headers: lines.filter(([name]) => name.toLowerCase() !== 'host'),
    from,
  }
}

/** RFC 9110 §9.1: a method is a token; nothing else could reach a gateway. */
function methodOf(text: string): string {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(text))
    throw new RangeError(`expected a method such as POST; got "${text}"`)
  return text.toUpperCase()
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
