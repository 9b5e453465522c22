import type { UpstreamPolicy } from '@postern/routing-table'
import type { Detail, Outcome, Stage } from '../explanation.ts'
import type { ExplainRequest } from '../request.ts'

/** The request as the upstream gets it. */
export function upstreamStage(
  outcome: Outcome & { kind: 'forwarded' },
  request: ExplainRequest,
  { timeouts: { connectMs, readMs, sendMs } }: Pick<UpstreamPolicy, 'timeouts'>,
): Stage {
  const sent = new Set(request.headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`))
  const headers = outcome.headers.filter(([name, value]) => !sent.has(`${name.toLowerCase()}: ${value}`))
  const details: readonly Detail[] = [
    ...(outcome.target === request.target
      ? []
      : [{ mark: 'note' as const, text: `path before ${request.target}, after ${outcome.target}` }]),
    ...headers.map(([name, value]) => ({ mark: 'note' as const, text: `${name}: ${value}` })),
    ...request.headers.flatMap(([name]) => (isGone(name, outcome) ? [gone(name, request)] : [])),
    {
      mark: 'note',
      text: `waits ${seconds(connectMs)} to connect, ${seconds(readMs)} between two reads and ${seconds(sendMs)} between two writes`,
    },
  ]
  const decision = `${outcome.protocol === 'https' ? 'TLS, ' : ''}${outcome.method} ${outcome.target}`
  return { stage: 'upstream', decision, details }
}

function isGone(name: string, { headers }: Outcome & { kind: 'forwarded' }): boolean {
  return !headers.some(([kept]) => kept.toLowerCase() === name.toLowerCase())
}

/** Hop by hop, but for the switch to another protocol, which every hop makes anew (RFC 9110 §7.8). */
function gone(name: string, { headers }: ExplainRequest): Detail {
  const upgrade = headers.find(([one]) => one.toLowerCase() === 'upgrade')
  if (upgrade !== undefined && ['connection', 'upgrade'].includes(name.toLowerCase()))
    return { mark: 'note', text: `${name}: is asked of the upstream anew, to switch to ${upgrade[1]}` }
  return { mark: 'lost', text: `${name}: is not passed on` }
}

function seconds(ms: number): string {
  return `${String(ms / 1000)} s`
}
