// Decides a request by the rules of the Gateway API, for the fields that deploy/gateway-api uses; any other field is an
// error, so that nothing is passed over. https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
import type { Decision, RequestRow } from './requests.ts'

export interface GatewayObject {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: unknown
}

interface Listener {
  readonly name: string
  readonly hostname?: string
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly port: number
  readonly tls?: object
}

interface Route {
  readonly parentRefs: readonly { readonly name: string; readonly sectionName: string }[]
  readonly hostnames?: readonly string[]
  readonly rules: readonly Rule[]
}

interface Rule {
  readonly matches?: readonly { readonly path: PathMatch }[]
  readonly filters?: readonly Filter[]
  readonly backendRefs?: readonly { readonly name: string; readonly port: number }[]
}

interface PathMatch {
  readonly type: 'Exact' | 'PathPrefix'
  readonly value: string
}

type Filter =
  | {
      readonly type: 'URLRewrite'
      readonly urlRewrite: {
        readonly path: { readonly type: 'ReplacePrefixMatch'; readonly replacePrefixMatch: string }
      }
    }
  | {
      readonly type: 'RequestRedirect'
      readonly requestRedirect: { readonly scheme: string; readonly statusCode: number }
    }

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  route: ['parentRefs', 'hostnames', 'rules'],
  rule: ['matches', 'filters', 'backendRefs'],
  match: ['path'],
  listener: ['name', 'hostname', 'protocol', 'port', 'tls'],
}

interface Candidate {
  readonly host: string
  readonly match: PathMatch
  readonly rule: Rule
}

/** @throws Error for a field that this reading does not know. */
export function decideByGatewayApi(
  objects: readonly GatewayObject[],
  { scheme, host, path: target }: RequestRow,
): Decision | undefined {
  const [path = '', query] = target.split(/\?(.*)/s)
  const name = host.toLowerCase()
  const listener = chooseListener(objects, scheme, name)
  const candidates = objects
    .filter(({ kind }) => kind === 'HTTPRoute')
    .flatMap(({ spec }) => candidatesOf(known('route', spec as Route), listener, name, path))
  // The most specific host decides first; then an exact path, then the longest prefix.
  const [best] = candidates.sort((a, b) => b.host.length - a.host.length || rank(b.match) - rank(a.match))
  return best === undefined ? undefined : outcome(best, { scheme, name, path, query })
}

function chooseListener(
  objects: readonly GatewayObject[],
  scheme: string,
  host: string,
): Listener | undefined {
  const gateway = objects.find(({ kind }) => kind === 'Gateway')?.spec as {
    readonly listeners: readonly Listener[]
  }
  return gateway.listeners
    .map((one) => known('listener', one))
    .filter(
      ({ protocol, hostname }) =>
        protocol.toLowerCase() === scheme && (hostname === undefined || covers(hostname, host)),
    )
    .sort((a, b) => (b.hostname?.length ?? 0) - (a.hostname?.length ?? 0))[0]
}

function candidatesOf(
  route: Route,
  listener: Listener | undefined,
  host: string,
  path: string,
): readonly Candidate[] {
  if (!route.parentRefs.some(({ sectionName }) => sectionName === listener?.name)) return []
  const named = route.hostnames?.filter((one) => covers(one, host)) ?? ['']
  return named.flatMap((one) =>
    route.rules.flatMap((rule) =>
      (known('rule', rule).matches ?? [{ path: { type: 'PathPrefix', value: '/' } as const }])
        .map((match) => known('match', match).path)
        .filter((match) => matches(match, path))
        .map((match) => ({ host: one, match, rule })),
    ),
  )
}

function outcome(
  { match, rule }: Candidate,
  {
    scheme,
    name,
    path,
    query,
  }: {
    readonly scheme: string
    readonly name: string
    readonly path: string
    readonly query: string | undefined
  },
): Decision {
  const withQuery = (text: string) => (query === undefined ? text : `${text}?${query}`)
  let seen = path
  for (const filter of rule.filters ?? [])
    if (filter.type === 'RequestRedirect') {
      const { scheme: to, statusCode } = filter.requestRedirect
      return { redirect: statusCode, location: `${to || scheme}://${name}${withQuery(path)}` }
    } else seen = replacePrefix(path, match.value, filter.urlRewrite.path.replacePrefixMatch)
  const [backend] = rule.backendRefs ?? []
  if (backend === undefined) throw new Error('a rule without a backend and without a redirect')
  return { to: `default/${backend.name}:${backend.port}`, as: withQuery(seen) }
}

const withoutSlash = (text: string): string => (text.endsWith('/') ? text.slice(0, -1) : text)

function matches({ type, value }: PathMatch, path: string): boolean {
  if (type === 'Exact') return path === value
  const prefix = withoutSlash(value) // a trailing slash is ignored, elements are whole
  return path === prefix || path.startsWith(`${prefix}/`)
}

function replacePrefix(path: string, prefix: string, replacement: string): string {
  const rest = path.slice(withoutSlash(prefix).length)
  return `${withoutSlash(replacement)}${rest}` || '/'
}

const rank = ({ type, value }: PathMatch): number => (type === 'Exact' ? 1e6 : 0) + value.length

function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : pattern === host
}

function known<T extends object>(what: string, value: T): T {
  const stranger = Object.keys(value).find((key) => !KNOWN[what]?.includes(key))
  if (stranger !== undefined) throw new Error(`${what}: the field ${stranger} is not read here`)
  return value
}
