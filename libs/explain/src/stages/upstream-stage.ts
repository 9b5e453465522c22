import type { Detail, Outcome, Stage } from '../explanation.ts'
import type { ExplainRequest } from '../request.ts'

/** The request as the upstream gets it. */
export function upstreamStage(outcome: Outcome & { kind: 'forwarded' }, request: ExplainRequest): Stage {
  const sent = new Set(request.headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`))
  const headers = outcome.headers.filter(([name, value]) => !sent.has(`${name.toLowerCase()}: ${value}`))
  const details: readonly Detail[] = [
    ...(outcome.target === request.target
      ? []
      : [{ mark: 'note' as const, text: `path before ${request.target}, after ${outcome.target}` }]),
    ...headers.map(([name, value]) => ({ mark: 'note' as const, text: `${name}: ${value}` })),
    ...request.headers.flatMap(([name]) => (isGone(name, outcome) ? [gone(name)] : [])),
  ]
  const decision = `${outcome.protocol === 'https' ? 'TLS, ' : ''}${outcome.method} ${outcome.target}`
  return { stage: 'upstream', decision, details }
}

function isGone(name: string, { headers }: Outcome & { kind: 'forwarded' }): boolean {
  return !headers.some(([kept]) => kept.toLowerCase() === name.toLowerCase())
}

function gone(name: string): Detail {
  return { mark: 'lost', text: `${name}: is not passed on` }
}
