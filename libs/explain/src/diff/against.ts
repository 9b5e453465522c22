import type { CompileSettings, ManifestSet } from '@postern/control-plane'
import { formatOutcome, outcomesOf } from '../outcome.ts'
import type { SharedOutcome } from '../explanation.ts'
import { formatRequest, type ExplainRequest } from '../request.ts'
import { makeSubject } from '../subject.ts'
import { probes } from './probes.ts'

/** What a running gateway answered. */
export interface Answer {
  readonly status: number
  readonly location?: string
}

export interface Against {
  readonly asked: number
  /** Of these an upstream answers, and what it says is its own business. */
  readonly forwarded: number
  readonly differences: readonly {
    readonly request: string
    readonly expected: string
    readonly answered: string
  }[]
}

const OWN_ADDRESS = '127.0.0.1'
const AT_ONCE = 8

/**
 * Plays safe requests (GET and preflights over plain HTTP) at something that runs, and compares what the gateway itself
 * decides: its redirects, refusals and 404s. What an upstream says is the upstream's own business, so of a forwarded
 * request only an answer that no upstream gives (a redirect to HTTPS) tells a difference.
 */
export async function against(
  set: ManifestSet,
  settings: CompileSettings,
  ask: (request: ExplainRequest) => Promise<Answer>,
): Promise<Against> {
  const subject = makeSubject(set, settings)
  const safe = probes(subject.compiled.table)
    .filter(({ scheme, method }) => scheme === 'http' && (method === 'GET' || method === 'OPTIONS'))
    .map((request) => ({ ...request, from: OWN_ADDRESS }))
  const differences: Against['differences'][number][] = []
  let forwarded = 0
  for (let next = 0; next < safe.length; next += AT_ONCE) {
    const batch = safe.slice(next, next + AT_ONCE)
    await Promise.all(
      batch.map(async (request) => {
        const [answer, outcomes] = await Promise.all([ask(request), outcomesOf(subject, request)])
        if (outcomes.every(({ outcome }) => outcome.kind === 'forwarded')) forwarded += 1
        if (outcomes.some((one) => agrees(one, answer))) return
        differences.push({
          request: formatRequest(request),
          expected: outcomes.map(({ outcome }) => formatOutcome(outcome)).join(', '),
          answered: `${String(answer.status)}${answer.location === undefined ? '' : ` to ${answer.location}`}`,
        })
      }),
    )
  }
  return {
    asked: safe.length,
    forwarded,
    differences: differences.sort((a, b) => (a.request < b.request ? -1 : 1)),
  }
}

function agrees({ outcome }: SharedOutcome, { status, location }: Answer): boolean {
  switch (outcome.kind) {
    case 'forwarded':
      return status !== 308
    case 'answered':
      return outcome.status === status && withoutPort(outcome.location) === withoutPort(location)
    case 'refused':
      return status === 400
  }
}

// A gateway on a laptop redirects to its own port.
function withoutPort(location: string | undefined): string | undefined {
  return location?.replace(/^(https?:\/\/[^/:]+):\d+/, '$1')
}

export function formatAgainst({ asked, forwarded, differences }: Against): string {
  const limits = `${String(forwarded)} of them an upstream answers: there only a redirect to HTTPS would tell a difference.`
  if (differences.length === 0) return `Every answer is as explained (${String(asked)} asked).\n${limits}\n`
  const lines = differences.flatMap(({ request, expected, answered }) => [
    request,
    `  explained: ${expected}`,
    `  answered:  ${answered}`,
  ])
  return `${[`${String(differences.length)} of ${String(asked)} answers differ.`, ...lines, limits].join('\n')}\n`
}
