import type { CompileSettings, ManifestSet } from '@postern/control-plane'
import { formatOutcome, outcomesOf } from '../outcome.ts'
import { formatRequest, type ExplainRequest } from '../request.ts'
import { makeSubject, type Subject } from '../subject.ts'
import { describeAnswer, readTrace, type Answer } from './answer.ts'
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
  const { witness, from } = await findWitness(subject, options)
  const safe = probes(subject.compiled.table)
    .filter(({ scheme, method }) => scheme === options.scheme && (method === 'GET' || method === 'OPTIONS'))
    .map((request) => ({ ...request, from }))
  const differences: Compared[] = []
  const undecided: Against['undecided'][number][] = []
  let forwarded = 0
  for (let next = 0; next < safe.length; next += AT_ONCE) {
    const batch = safe.slice(next, next + AT_ONCE)
    await Promise.all(
      batch.map(async (request) => {
        const [answer, outcomes] = await Promise.all([options.ask(request), outcomesOf(subject, request)])
        if (outcomes.every(({ outcome }) => outcome.kind === 'forwarded')) forwarded += 1
        const verdict = best(outcomes.map(({ outcome }) => judgeAnswer(outcome, answer, witness)))
        if (verdict.kind === 'same') return
        const compared = {
          request: formatRequest(request),
          expected: outcomes.map(({ outcome }) => formatOutcome(outcome)).join(', '),
          answered: describeAnswer(
            answer,
            witness.traced ? readTrace(answer) : undefined,
            whoAnswered(answer, witness.own),
          ),
        }
        if (verdict.kind === 'different') differences.push(compared)
        else undecided.push({ ...compared, why: verdict.why })
      }),
    )
  }
  const { traced } = witness
  return {
    asked: safe.length,
    forwarded,
    traced,
    differences: sorted(differences),
    undecided: sorted(undecided),
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
