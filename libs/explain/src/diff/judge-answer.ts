import type { Route, RoutingTable } from '@postern/routing-table'
import type { Outcome } from '../explanation.ts'
import { readTrace, type Answer, type Trace } from './answer.ts'
import { isStockPage, whoAnswered, type KnownPages } from './who-answered.ts'

export type Verdict =
  /** `inferred`: from what upstreams have said to other requests. */
  | { readonly kind: 'same'; readonly inferred?: boolean }
  | { readonly kind: 'different' }
  | { readonly kind: 'undecided'; readonly why: string }

/** What there is to tell the gateway's answers from those of upstreams. */
export interface Witness extends KnownPages {
  /** The gateway says what it did. */
  readonly traced: boolean
  readonly table: RoutingTable
  /** Redirects to HTTPS must name the port that the table has. */
  readonly exactPort?: boolean
}

const SAME: Verdict = { kind: 'same' }
const DIFFERENT: Verdict = { kind: 'different' }

/** Whether an answer is what explain says. */
export function judgeAnswer(outcome: Outcome, answer: Answer, witness: Witness): Verdict {
  if (outcome.kind === 'refused') return answer.status === 400 ? SAME : DIFFERENT
  const trace = witness.traced ? readTrace(answer) : undefined
  if (outcome.kind === 'passed-through')
    return trace !== undefined || whoAnswered(answer, witness) === 'gateway' ? DIFFERENT : SAME
  if (outcome.kind === 'forwarded')
    return trace === undefined ? judgeForwarded(outcome, answer, witness) : agreesWith(outcome, trace)
  if (outcome.status !== answer.status || !isSamePlace(outcome.location, answer.location, witness))
    return DIFFERENT
  if (trace !== undefined) return trace.endpoint === undefined ? SAME : DIFFERENT
  return outcome.status === 404 ? judgeMissing(answer, witness) : SAME
}

function agreesWith(outcome: Outcome & { kind: 'forwarded' }, trace: Trace): Verdict {
  const arrives = trace.endpoint === undefined || trace.upstreamTarget === outcome.target
  return trace.backend === outcome.backend && arrives ? SAME : DIFFERENT
}

function judgeForwarded(
  { route }: Outcome & { kind: 'forwarded' },
  answer: Answer,
  witness: Witness,
): Verdict {
  const { status } = answer
  // The gateway's own redirect to HTTPS; hardly anybody else answers so.
  if (status === 308) return DIFFERENT
  if (status < 300) return SAME
  if (answer.location !== undefined && status < 400)
    return undecided('a redirect may be one of the gateway or one of the upstream')
  if (intercepts(route, status, witness.table))
    return undecided('the gateway has pages of its own for such answers of the upstream')
  const who = whoAnswered(answer, witness)
  if (who === 'nobody knows') return undecided(doubt(answer, witness))
  return who === 'gateway' ? DIFFERENT : SAME
}

function judgeMissing(answer: Answer, witness: Witness): Verdict {
  const who = whoAnswered(answer, witness)
  if (who === 'nobody knows') return undecided(`404 as explained, but ${doubt(answer, witness)}`)
  if (who === 'upstream') return DIFFERENT
  return isStockPage(answer) ? { kind: 'same', inferred: true } : SAME
}

function doubt(answer: Answer, { own }: Witness): string {
  if (isStockPage(answer))
    return 'nginx’s built-in page may be one of the gateway or one of an nginx behind it (an upstream showed it too, or has not answered)'
  if (own === undefined)
    return 'hosts that nobody serves have an upstream too, so the gateway has no 404 to compare with'
  return 'only 404s can be compared with the one that the gateway has for hosts that nobody serves'
}

function undecided(why: string): Verdict {
  return { kind: 'undecided', why }
}

function intercepts(id: string, status: number, { hosts, defaultRoute }: RoutingTable): boolean {
  const is = (route: Route): boolean =>
    route.id === id &&
    route.target.kind === 'backend' &&
    route.target.policy.interceptErrors?.statuses.includes(status) === true
  return hosts.some(({ routes }) => routes.some(is)) || is(defaultRoute)
}

function isSamePlace(expected: string | undefined, found: string | undefined, { exactPort }: Witness) {
  return exactPort === true ? expected === found : withoutPort(expected) === withoutPort(found)
}

// A gateway on a laptop redirects to its own port.
function withoutPort(location: string | undefined): string | undefined {
  return location?.replace(/^(https?:\/\/[^/:]+):\d+/, '$1')
}
