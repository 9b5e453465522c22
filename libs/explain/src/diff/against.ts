import type { CompileSettings, ManifestSet } from '@postern/control-plane'
import { formatOutcome, outcomesOf } from '../outcome.ts'
import { formatRequest, type ExplainRequest } from '../request.ts'
import { makeSubject, type Subject } from '../subject.ts'
import { describeAnswer, readTrace, type Answer } from './answer.ts'
import { isForwarded, stockPageIsOwn, type Asked } from './heard-upstreams.ts'
import { judgeAnswer, type Verdict, type Witness } from './judge-answer.ts'
import { NOBODY, probes } from './probes.ts'
import { whoAnswered } from './who-answered.ts'

export interface Against {
  readonly asked: number
  /** Of these an upstream answers, and what it says is its own business. */
  readonly forwarded: number
  /** Whether the gateway tells what it did (`Postern-Explain`), so that nothing must be guessed. */
  readonly traced: boolean
  readonly differences: readonly Compared[]
  /** Where the same answer may come from the gateway and from an upstream. */
  readonly undecided: readonly (Compared & { readonly why: string })[]
  /** As explained by a page of nginx that none of the upstreams has shown. */
  readonly inferred: number
}

export interface Compared {
  readonly request: string
  readonly expected: string
  readonly answered: string
}

export interface AgainstOptions {
  readonly settings: CompileSettings
  /** What the gateway is spoken to by; hosts with TLS are told apart over https only. */
  readonly scheme: 'http' | 'https'
  /** Somebody said which port redirects to HTTPS name; else any will do. */
  readonly exactPort?: boolean
  readonly ask: (request: ExplainRequest) => Promise<Answer>
}

const OWN_ADDRESS = '127.0.0.1'
const AT_ONCE = 8

/**
 * Plays safe requests (GET and preflights) at something that runs, and compares what the gateway itself decides: its
 * redirects, its refusals, its 404s, and with a Postern that may tell, where it sends the rest. What an upstream says is the
 * upstream's own business.
 */
export async function against(set: ManifestSet, options: AgainstOptions): Promise<Against> {
  const subject = makeSubject(set, options.settings)
  const { witness: first, from } = await findWitness(subject, options)
  const safe = probes(subject.compiled.table)
    .filter(({ scheme, method }) => scheme === options.scheme && (method === 'GET' || method === 'OPTIONS'))
    .map((request) => ({ ...request, from }))
  const asked: Asked[] = []
  for (let next = 0; next < safe.length; next += AT_ONCE) {
    const batch = safe.slice(next, next + AT_ONCE).map(async (request) => {
      const [answer, outcomes] = await Promise.all([options.ask(request), outcomesOf(subject, request)])
      return { request, answer, outcomes: outcomes.map(({ outcome }) => outcome) }
    })
    asked.push(...(await Promise.all(batch)))
  }
  const { own, table } = first
  const witness = { ...first, stockPageIsOwn: own !== undefined && stockPageIsOwn(asked, own, table) }
  const judged = asked.map((one) => ({ one, verdict: verdictOn(one, witness) }))
  return {
    asked: safe.length,
    forwarded: asked.filter(isForwarded).length,
    traced: witness.traced,
    differences: sorted(
      judged.flatMap(({ one, verdict }) => (verdict.kind === 'different' ? [compared(one, witness)] : [])),
    ),
    undecided: sorted(
      judged.flatMap(({ one, verdict }) =>
        verdict.kind === 'undecided' ? [{ ...compared(one, witness), why: verdict.why }] : [],
      ),
    ),
    inferred: judged.filter(({ verdict }) => verdict.kind === 'same' && verdict.inferred === true).length,
  }
}

function verdictOn({ outcomes, answer }: Asked, witness: Witness): Verdict {
  return best(outcomes.map((outcome) => judgeAnswer(outcome, answer, witness)))
}

function compared({ request, answer, outcomes }: Asked, witness: Witness): Compared {
  const trace = witness.traced ? readTrace(answer) : undefined
  return {
    request: formatRequest(request),
    expected: outcomes.map(formatOutcome).join(', '),
    answered: describeAnswer(answer, trace, whoAnswered(answer, witness)),
  }
}

/** The gateway's own way to say no, learned from a host that nobody serves. */
async function findWitness(
  { compiled }: Subject,
  { ask, scheme, exactPort = false }: AgainstOptions,
): Promise<{ readonly witness: Witness; readonly from: string }> {
  const answer = await ask({
    ...{ scheme, serverName: NOBODY, authority: NOBODY, port: scheme === 'http' ? 80 : 443 },
    ...{ method: 'GET', target: '/probe', headers: [], from: OWN_ADDRESS },
  })
  // With rules for any host, or a Service as default backend, an upstream may have said it.
  const isOwn =
    compiled.table.defaultRoute.target.kind === 'fixed' &&
    !compiled.table.hosts.some(({ host }) => host === '*') &&
    answer.status === 404
  // A Postern as default backend would tell, too, behind a gateway that does not: nobody has that.
  const traced = readTrace(answer) !== undefined
  const witness = { traced, table: compiled.table, exactPort, ...(isOwn && { own: answer }) }
  return { witness, from: answer.from ?? OWN_ADDRESS }
}

/** A canary may send a request either way: one way that fits is enough. */
function best(verdicts: readonly Verdict[]): Verdict {
  const found =
    verdicts.find(({ kind }) => kind === 'same') ?? verdicts.find(({ kind }) => kind === 'undecided')
  return found ?? { kind: 'different' }
}

function sorted<One extends Compared>(list: readonly One[]): readonly One[] {
  return [...list].sort((a, b) => (a.request < b.request ? -1 : 1))
}
