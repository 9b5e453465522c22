import type { Rehearsal } from '@postern/data-plane'
import {
  parseHostName,
  type Backend,
  type BackendId,
  type RoutingTable,
  type TlsPassthrough,
} from '@postern/routing-table'
import type { ExplainRequest } from './request.ts'
import type { Header, Outcome, SharedOutcome } from './explanation.ts'
import type { Subject } from './subject.ts'
import { syntheticExchange } from './synthetic-exchange.ts'

export interface Played {
  readonly rehearsal: Rehearsal
  readonly share: number
}

/** Plays a request; twice when a canary's weight decides. A refusal when no engine would let it in. */
export async function play(
  subject: Pick<Subject, 'rehearse' | 'compiled'>,
  request: ExplainRequest,
): Promise<readonly Played[] | { readonly refused: string }> {
  const main = await playSide(subject, request, 'main')
  if ('refused' in main) return main
  const target = main.route.target
  if (main.canary?.byWeight !== true || target.kind !== 'backend' || target.canary === undefined)
    return [{ rehearsal: main, share: 1 }]
  const { weight, weightTotal } = target.canary
  const share = Math.min(1, Math.max(0, weight / weightTotal))
  if (share === 0) return [{ rehearsal: main, share: 1 }]
  const other = await playSide(subject, request, 'canary')
  if ('refused' in other) return other
  const both = [
    { rehearsal: main, share: 1 - share },
    { rehearsal: other, share },
  ]
  return both.filter((one) => one.share > 0)
}

async function playSide(
  { rehearse }: Pick<Subject, 'rehearse'>,
  request: ExplainRequest,
  side: 'main' | 'canary',
): Promise<Rehearsal | { readonly refused: string }> {
  const exchange = syntheticExchange(request)
  return 'refused' in exchange ? exchange : rehearse(exchange, { side })
}

/** What happens to a request, in every way that chance allows. */
export async function outcomesOf(
  subject: Pick<Subject, 'rehearse' | 'compiled'>,
  request: ExplainRequest,
): Promise<readonly SharedOutcome[]> {
  const { table } = subject.compiled
  const passed = passthroughOf(request, table)
  if (passed !== undefined) return [{ share: 1, outcome: passedOutcome(passed, table) }]
  const played = await play(subject, request)
  if ('refused' in played)
    return [{ share: 1, outcome: { kind: 'refused', status: 400, reason: played.refused } }]
  return played.map(({ rehearsal, share }) => ({ share, outcome: outcomeOf(rehearsal, table, request) }))
}

/** Who ends the TLS of a request instead of the gateway. */
export function passthroughOf(
  { scheme, serverName }: Pick<ExplainRequest, 'scheme' | 'serverName'>,
  { passthroughs = [] }: RoutingTable,
): TlsPassthrough | undefined {
  const name = scheme === 'https' && passthroughs.length > 0 ? parseHostName(serverName) : undefined
  return name && passthroughs.find(({ host }) => host === (name as string))
}

export function passedOutcome({ id, backend }: TlsPassthrough, table: RoutingTable): Outcome {
  const found = backend === undefined ? undefined : backendById(table, backend)
  return {
    kind: 'passed-through',
    route: id,
    ...(backend !== undefined && { backend }),
    endpoints: found === undefined ? [] : addressesOf(found),
  }
}

export function outcomeOf(rehearsal: Rehearsal, table: RoutingTable, request: ExplainRequest): Outcome {
  const { route, answer, backend, stoppedBy, reason } = rehearsal
  const sent = rehearsal.sent.findLast(({ kind }) => kind === 'forward')
  const responseHeaders = answer.headers
  if (sent !== undefined && backend !== undefined) {
    const found = backendById(table, backend)
    return {
      kind: 'forwarded',
      route: route.id,
      backend,
      protocol: sent.request.tls === undefined ? 'http' : 'https',
      endpoints: found === undefined ? [] : addressesOf(found),
      method: sent.request.method,
      target: sent.request.target,
      headers: withoutRandom(sent.headers, request),
      responseHeaders,
    }
  }
  const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1]
  return {
    kind: 'answered',
    route: route.id,
    status: answer.status,
    ...(location !== undefined && { location }),
    ...(reason !== undefined && { reason }),
    ...(stoppedBy !== undefined && { stoppedBy }),
    responseHeaders: responseHeaders.filter(([name]) => name.toLowerCase() !== 'location'),
  }
}

const indexes = new WeakMap<RoutingTable, ReadonlyMap<BackendId, Backend>>()

export function backendById(table: RoutingTable, id: BackendId): Backend | undefined {
  let index = indexes.get(table)
  if (index === undefined) indexes.set(table, (index = new Map(table.backends.map((one) => [one.id, one]))))
  return index.get(id)
}

/** `address:port` of all that the balancer may pick; a name where addresses are looked up while serving. */
export function addressesOf({ endpoints, dns }: Backend): readonly string[] {
  if (dns !== undefined) return [`${dns.name}:${String(dns.port)}`]
  return endpoints.map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`,
  )
}

// The gateway draws an id for each request that brings none.
function withoutRandom(headers: readonly Header[], request: ExplainRequest): readonly Header[] {
  if (request.headers.some(([name]) => name.toLowerCase() === 'x-request-id')) return headers
  return headers.map(([name, value]) => [name, name === 'X-Request-ID' ? '(random)' : value])
}

/** One line: where a request ends. */
export function formatOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'forwarded':
      return `forwarded to ${outcome.backend} as ${outcome.method} ${outcome.target}`
    case 'answered': {
      const where = outcome.location === undefined ? '' : ` to ${outcome.location}`
      const why = outcome.reason === undefined ? '' : ` (${outcome.reason})`
      return `answered ${String(outcome.status)}${where}${why}`
    }
    case 'passed-through':
      return outcome.endpoints.length === 0
        ? 'closed, since TLS is passed through unopened and there is nobody to pass it to'
        : `passed through to ${outcome.backend ?? ''}, TLS unopened`
    case 'refused':
      return `answered 400 (${outcome.reason})`
  }
}
