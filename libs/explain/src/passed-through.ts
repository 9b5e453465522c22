import type { TlsPassthrough } from '@postern/routing-table'
import { nameOf, placeOf, type Explanation, type Finding, type Stage } from './explanation.ts'
import { addressesOf, backendById, formatOutcome, passedOutcome } from './outcome.ts'
import type { ExplainRequest } from './request.ts'
import { endpointStage, portDetails } from './stages/backend-stage.ts'
import { listenerStage } from './stages/listener-stage.ts'
import type { Subject } from './subject.ts'
import { whyEmpty } from './why-empty.ts'
import { wouldChange } from './would-change.ts'

/** A TLS connection that is not opened here: no rule is asked, so all there is to tell is where its bytes go. */
export async function explainPassed(
  to: TlsPassthrough,
  asked: Explanation['request'],
  request: ExplainRequest,
  subject: Subject,
): Promise<Explanation> {
  const outcome = passedOutcome(to, subject.compiled.table)
  const outcomes = [{ share: 1, outcome }]
  return {
    request: asked,
    outcomes,
    summary: formatOutcome(outcome),
    assumptions: [],
    findings: findingsOf(to, subject),
    stages: [
      listenerStage(request, { address: request.from, scheme: request.scheme }),
      tlsStage(to),
      ...backendStages(to, subject),
    ],
    wouldChange: await wouldChange(request, outcomes, subject),
  }
}

function tlsStage({ host, origin }: TlsPassthrough): Stage {
  return {
    stage: 'tls',
    decision: `server name ${host} → not opened here`,
    details: [
      {
        mark: 'won',
        text: `Ingress ${nameOf(origin)} opens the host and says ssl-passthrough`,
        ...placeOf(origin),
      },
      {
        mark: 'note',
        text: 'the Service of the path / ends TLS; paths, headers and other annotations are not looked at',
      },
    ],
  }
}

function backendStages({ backend: id }: TlsPassthrough, subject: Subject): readonly Stage[] {
  const backend = id === undefined ? undefined : backendById(subject.compiled.table, id)
  if (backend === undefined) return []
  return [
    { stage: 'backend', decision: `Service ${backend.id}`, details: portDetails(backend.id, subject) },
    endpointStage(backend, subject),
  ]
}

function findingsOf({ host, backend: id, origin }: TlsPassthrough, subject: Subject): readonly Finding[] {
  const backend = id === undefined ? undefined : backendById(subject.compiled.table, id)
  if (backend === undefined) {
    const sentence = `No path / of ${host} leads to a Service, so its TLS connections are closed: add a path / with pathType: Prefix.`
    return [{ code: 'ssl-passthrough-without-root', sentence, ...placeOf(origin) }]
  }
  if (addressesOf(backend).length > 0) return []
  const { sentence, ...finding } = whyEmpty(backend.id, subject)
  return [{ ...finding, sentence: sentence.replace('this answers 503', 'TLS connections are closed') }]
}
