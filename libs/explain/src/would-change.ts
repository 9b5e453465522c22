import { formatOutcome, outcomesOf } from './outcome.ts'
import type { Explanation, SharedOutcome } from './explanation.ts'
import type { ExplainRequest } from './request.ts'
import type { Subject } from './subject.ts'

const SHOWN = 6

/** Asks the same question again with small changes, and keeps those that end elsewhere. */
export async function wouldChange(
  request: ExplainRequest,
  outcomes: readonly SharedOutcome[],
  subject: Subject,
): Promise<Explanation['wouldChange']> {
  const now = endOf(outcomes)
  const found: { change: string; outcome: string }[] = []
  for (const [change, variant] of variants(request, subject)) {
    const then = await outcomesOf(subject, variant)
    if (endOf(then) !== now) found.push({ change, outcome: textOf(then) })
  }
  return found.slice(0, SHOWN)
}

/** Where requests end. That a method, a slash or a letter arrives as it was asked is no change. */
function endOf(outcomes: readonly SharedOutcome[]): string {
  const plainly = (path = ''): string => path.toLowerCase().replace(/\/(?=$|\?)/, '')
  return JSON.stringify(
    outcomes.map(({ share, outcome }) => {
      if (outcome.kind === 'refused') return [share, outcome.status]
      if (outcome.kind === 'passed-through') return [share, outcome.kind, outcome.backend]
      if (outcome.kind === 'forwarded') return [share, outcome.backend, plainly(outcome.target)]
      return [share, outcome.status, outcome.reason, plainly(outcome.location)]
    }),
  )
}

function textOf(outcomes: readonly SharedOutcome[]): string {
  return outcomes
    .map(
      ({ share, outcome }) =>
        (share === 1 ? '' : `${String(Math.round(share * 100))} % `) + formatOutcome(outcome),
    )
    .join(', ')
}

function variants(
  request: ExplainRequest,
  { compiled }: Subject,
): readonly (readonly [string, ExplainRequest])[] {
  const [path = '/', ...query] = request.target.split('?')
  const rest = query.length === 0 ? '' : `?${query.join('?')}`
  const at = (target: string): ExplainRequest => ({ ...request, target: target + rest })
  const other = request.scheme === 'http' ? 'https' : 'http'
  const port = { http: 80, https: 443 }[other]
  const authority = request.authority.replace(/:\d+$/, '')
  const slashed = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
  const headers = canaryHeaders(compiled).filter(
    ([name]) => !request.headers.some(([sent]) => sent.toLowerCase() === name.toLowerCase()),
  )
  return [
    [`over ${other}`, { ...request, scheme: other, port, authority }],
    ...(path === '/' ? [] : [[`as ${slashed}`, at(slashed)] as const]),
    ...(path.toLowerCase() === path ? [] : [[`as ${path.toLowerCase()}`, at(path.toLowerCase())] as const]),
    ...(request.method === 'OPTIONS' ? [] : [['with OPTIONS, as a preflight', preflight(request)] as const]),
    ...headers.map(([name, value]) => {
      const variant: ExplainRequest = { ...request, headers: [...request.headers, [name, value]] }
      return [`with the header ${name}: ${value}`, variant] as const
    }),
  ]
}

function preflight(request: ExplainRequest): ExplainRequest {
  return {
    ...request,
    method: 'OPTIONS',
    headers: [...request.headers, ['Origin', 'https://elsewhere.example']],
  }
}

function canaryHeaders({ table }: Subject['compiled']): readonly (readonly [string, string])[] {
  const found = new Map<string, string>()
  for (const { target } of table.hosts.flatMap(({ routes }) => routes)) {
    const header = target.kind === 'backend' ? target.canary?.header : undefined
    if (header !== undefined) found.set(header.name, header.value ?? 'always')
  }
  return [...found].slice(0, 3)
}
