import { createHash } from 'node:crypto'
import type { Filter, Route, RoutingTable } from '@postern/routing-table'
import type { Rehearsal } from '@postern/data-plane'
import { addressesOf, backendById, outcomeOf, passedOutcome, passthroughOf, play } from '../outcome.ts'
import type { Outcome } from '../explanation.ts'
import type { ExplainRequest } from '../request.ts'
import type { Subject } from '../subject.ts'

/** All that a client, an upstream or an operator could notice of one request. Names of objects are not in it. */
export interface Behaviour {
  readonly visible: readonly { readonly share: number; readonly outcome: Outcome }[]
  /** What only time, load or a handshake shows: timeouts, limits, balancing, certificates. */
  readonly quiet: Readonly<Record<string, unknown>>
}

export async function behaviourOf(subject: Subject, request: ExplainRequest): Promise<Behaviour> {
  const passed = passthroughOf(request, subject.compiled.table)
  if (passed !== undefined)
    return {
      visible: [{ share: 1, outcome: passedOutcome(passed, subject.compiled.table) }],
      quiet: { accessLog: passed.accessLog },
    }
  const played = await play(subject, request)
  if ('refused' in played)
    return {
      visible: [{ share: 1, outcome: { kind: 'refused', status: 400, reason: played.refused } }],
      quiet: {},
    }
  const { table } = subject.compiled
  const visible = played.map(({ rehearsal, share }) => ({
    share,
    outcome: outcomeOf(rehearsal, table, request),
  }))
  const [first] = played
  const quiet = first === undefined ? {} : quietOf(first.rehearsal, table)
  const barred = first?.rehearsal.stoppedBy === 'access'
  const admitted = barred ? await play({ ...subject, rehearse: subject.rehearseAdmitted }, request) : []
  const behind = 'refused' in admitted ? [] : admitted
  const certificate =
    request.scheme === 'https' ? subject.tls.select(request.serverName)?.certificate : undefined
  return {
    visible,
    quiet: {
      ...quiet,
      ...(behind.length > 0 && {
        admitted: behind.map(({ rehearsal, share }) =>
          admittedOf(share, outcomeOf(rehearsal, table, request)),
        ),
      }),
      ...(certificate && { certificate: certificate.fingerprint }),
    },
  }
}

/** What a client would meet that is let in. */
function admittedOf(share: number, outcome: Outcome): unknown {
  if (outcome.kind === 'refused' || outcome.kind === 'passed-through') return [share, outcome]
  const { route: _route, ...rest } = outcome
  if (rest.kind === 'forwarded')
    return [share, rest.endpoints, rest.protocol, rest.method, rest.target, rest.headers]
  return [share, rest.status, rest.location]
}

function quietOf({ route, backend: id, stoppedBy }: Rehearsal, table: RoutingTable): Behaviour['quiet'] {
  const filters = filtersAsked(route, stoppedBy)
  if (stoppedBy !== undefined || route.target.kind !== 'backend') return { filters }
  const backend = id === undefined ? undefined : backendById(table, id)
  const { interceptErrors, ...policy } = route.target.policy
  const page = table.backends.find((one) => one.id === interceptErrors?.backend)
  return {
    filters,
    policy,
    ...(interceptErrors && { intercept: [interceptErrors.statuses, page && addressesOf(page)] }),
    ...(backend && { balance: backend.balance, affinity: backend.affinity }),
    accessLog: route.accessLog,
  }
}

// A filter after the one that ended the road says nothing about this request.
function filtersAsked({ filters }: Route, stoppedBy: Filter['kind'] | undefined): readonly unknown[] {
  const end = filters.findIndex(({ kind }) => kind === stoppedBy)
  return (end < 0 ? filters : filters.slice(0, end + 1)).flatMap((filter): readonly unknown[] => {
    switch (filter.kind) {
      case 'rate-limit': {
        const { zone: _zone, ...limits } = filter
        return [limits]
      }
      case 'access':
        return [
          {
            ...filter,
            basic: filter.basic && { realm: filter.basic.realm, users: digest(filter.basic.users.reveal()) },
          },
        ]
      case 'mirror':
      case 'cors':
        return [filter]
      // What these do stands in the outcome already.
      case 'body-limit':
      case 'headers':
      case 'https-redirect':
      case 'redirect':
      case 'rewrite':
        return []
    }
  })
}

function digest(users: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...users].sort()))
    .digest('hex')
}

/** Equal texts, equal behaviour. The names of routes and backends differ for reasons that no request can notice. */
export function behaviourKey({ visible, quiet }: Behaviour): string {
  const seen = visible.map(({ share, outcome }) => {
    if (outcome.kind === 'refused') return [share, outcome]
    if (outcome.kind === 'passed-through') return [share, outcome.kind, outcome.endpoints]
    const { route: _route, responseHeaders, ...rest } = outcome
    if (rest.kind === 'answered') {
      const { reason: _reason, ...answer } = rest
      return [share, answer, responseHeaders]
    }
    const { backend: _backend, ...forwarded } = rest
    return [share, forwarded.endpoints.length > 0 ? forwarded : rest, responseHeaders]
  })
  return JSON.stringify([seen, quiet])
}
