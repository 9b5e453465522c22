import type { BackendId, Filter, TemplatePart } from '@postern/routing-table'

/** What a filter asks for, in one line. Secrets are not in it. */
export function describeFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'body-limit':
      return `a body of at most ${String(filter.maxBytes)} bytes`
    case 'https-redirect':
      return `plain HTTP is sent to HTTPS (${String(filter.status)})`
    case 'redirect':
      return `${filter.when === 'root' ? '/ is' : 'all is'} sent to ${text(filter.location)} (${String(filter.status)})`
    case 'cors':
      return `CORS for ${filter.allowOrigins.join(', ')}`
    case 'rate-limit':
      return `limits per client: ${limits(filter)}`
    case 'access':
      return `may the client pass: ${checks(filter)}`
    case 'mirror':
      return `a copy goes to ${text(filter.url)}${named(filter.backend)}`
    case 'rewrite':
      return `rewrite ^${filter.pattern} to ${filter.target}`
    case 'headers':
      return `headers: ${String(filter.request.length)} to the upstream, ${String(filter.response.length)} to the client`
  }
}

function limits(filter: Filter & { kind: 'rate-limit' }): string {
  const { requestsPerSecond: rps, requestsPerMinute: rpm, connections } = filter
  const parts = [
    rps && `${String(rps.rate)} a second (burst ${String(rps.burst)})`,
    rpm && `${String(rpm.rate)} a minute (burst ${String(rpm.burst)})`,
    connections !== undefined && `${String(connections)} at once`,
  ]
  return `${parts.filter(Boolean).join(', ')}; beyond it ${String(filter.status)}`
}

function checks({ satisfy, ip, basic, external, jwt }: Filter & { kind: 'access' }): string {
  const parts = [
    ip && [
      ip.deny.length > 0 && `not ${ip.deny.join(' ')}`,
      ip.allow.length > 0 && `only ${ip.allow.join(' ')}`,
    ],
    basic && `basic password (Secret ${basic.secret.namespace}/${basic.secret.name})`,
    external && `asks ${text(external.url)}${named(external.backend)}`,
    jwt && `a token${jwt.issuer === undefined ? '' : ` of ${jwt.issuer}`}`,
  ]
  return parts
    .flat()
    .filter(Boolean)
    .join(satisfy === 'any' ? ' or ' : ' and ')
}

function named(backend: BackendId | undefined): string {
  return backend === undefined ? '' : `, backend ${backend}`
}

export function text(parts: readonly TemplatePart[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : `$${part.name}`)).join('')
}
