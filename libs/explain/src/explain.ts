import { assumptionsOf } from './assumptions.ts'
import type { Explanation, Outcome, Stage } from './explanation.ts'
import { formatOutcome, outcomeOf, passthroughOf, play } from './outcome.ts'
import { explainPassed } from './passed-through.ts'
import { formatRequest, type ExplainRequest } from './request.ts'
import { backendStage, balancingStage, endpointStage } from './stages/backend-stage.ts'
import { filterStage } from './stages/filter-stage.ts'
import { hostStage } from './stages/host-stage.ts'
import { listenerStage } from './stages/listener-stage.ts'
import { mergeStage } from './stages/merge-stage.ts'
import { pathStage } from './stages/path-stage.ts'
import { tlsStage } from './stages/tls-stage.ts'
import { upstreamStage } from './stages/upstream-stage.ts'
import type { Subject } from './subject.ts'
import { syntheticExchange } from './synthetic-exchange.ts'
import { findingsOf, hostByPattern, type Decided } from './why.ts'
import { wouldChange } from './would-change.ts'

/** Which rule a request meets, and why: from the listener to the Pod. Sends nothing. */
export async function explain(subject: Subject, request: ExplainRequest): Promise<Explanation> {
  const asked = {
    method: request.method,
    url: formatRequest(request).slice(request.method.length + 1),
    from: request.from,
  }
  const passed = passthroughOf(request, subject.compiled.table)
  if (passed !== undefined) return explainPassed(passed, asked, request, subject)
  const exchange = syntheticExchange(request)
  const played = await play(subject, request)
  const first = 'refused' in played ? undefined : played[0]
  if ('refused' in exchange || 'refused' in played || first === undefined)
    return refusal(asked, 'refused' in exchange ? exchange.refused : 'nothing was played')
  const { table } = subject.compiled
  const outcomes = played.map(({ rehearsal, share }) => ({
    share,
    outcome: outcomeOf(rehearsal, table, request),
  }))
  const { rehearsal } = first
  const host = hostByPattern(table, rehearsal.host)
  const path = exchange.path.normalized
  const decided: Decided = { request, subject, rehearsal, host, path }
  const forwards = played.flatMap((one, i) =>
    backendStages(one.rehearsal, one.share, outcomes[i]?.outcome, decided),
  )
  const stages: readonly Stage[] = [
    listenerStage(request, rehearsal.client),
    ...(request.scheme === 'https' ? [tlsStage(request.serverName, subject)] : []),
    hostStage(exchange.host, rehearsal.host, subject),
    ...(host === undefined ? [] : [mergeStage(host.host, subject)]),
    ...(host === undefined ? [] : [pathStage(host, path, rehearsal.route, subject)]),
    filterStage(rehearsal),
    ...forwards,
  ]
  const summary = outcomes
    .map(
      ({ share, outcome }) =>
        (share === 1 ? '' : `${String(Math.round(share * 100))} %: `) + formatOutcome(outcome),
    )
    .join('; ')
  return {
    request: asked,
    ...{ outcomes, summary, stages },
    assumptions: [...new Set(played.flatMap((one) => assumptionsOf(one.rehearsal, request)))],
    findings: findingsOf(decided),
    wouldChange: await wouldChange(request, outcomes, subject),
  }
}

function backendStages(
  rehearsal: Decided['rehearsal'],
  share: number,
  outcome: Outcome | undefined,
  { subject, request }: Decided,
): readonly Stage[] {
  const { target } = rehearsal.route
  if (rehearsal.stoppedBy !== undefined || target.kind !== 'backend') return []
  const id = rehearsal.backend ?? target.backend
  const backend = subject.compiled.table.backends.find((one) => one.id === id)
  if (backend === undefined) return []
  return [
    backendStage(rehearsal, id, share, subject),
    endpointStage(backend, subject),
    ...(outcome?.kind === 'forwarded'
      ? [balancingStage(backend), upstreamStage(outcome, request, target.policy)]
      : []),
  ]
}

function refusal(request: Explanation['request'], reason: string): Explanation {
  const outcome: Outcome = { kind: 'refused', status: 400, reason }
  return {
    request,
    outcomes: [{ share: 1, outcome }],
    summary: formatOutcome(outcome),
    assumptions: [],
    findings: [{ code: 'refused', sentence: `No rule is asked, because ${reason}: correct the request.` }],
    stages: [],
    wouldChange: [],
  }
}
