import type { RoutingTable } from '@postern/routing-table'
import type { Outcome } from '../explanation.ts'
import type { ExplainRequest } from '../request.ts'
import type { Answer } from './answer.ts'

/** A request that was played, what it was answered, and every outcome that chance allows. */
export interface Asked {
  readonly request: ExplainRequest
  readonly answer: Answer
  readonly outcomes: readonly Outcome[]
}

export function isForwarded({ outcomes }: Pick<Asked, 'outcomes'>): boolean {
  return outcomes.every(({ kind }) => kind === 'forwarded')
}

/**
 * Whether the page that the gateway has for a host which nobody serves can only be its own, though every nginx is built
 * with it: each upstream has answered, to paths that it knows and paths made up, and none with that page.
 */
export function stockPageIsOwn(asked: readonly Asked[], own: Answer, table: RoutingTable): boolean {
  const forwarded = asked.filter(isForwarded)
  if (forwarded.some(({ answer }) => answer.body === own.body)) return false
  const heard = new Set(
    forwarded.flatMap(({ outcomes: [outcome, ...others] }) =>
      outcome?.kind === 'forwarded' && others.length === 0 ? [outcome.backend] : [],
    ),
  )
  return table.hosts
    .flatMap(({ routes, defaultRoute }) => [...routes, ...(defaultRoute ? [defaultRoute] : [])])
    .flatMap(({ target }) => (target.kind === 'backend' ? [target.backend, target.canary?.backend] : []))
    .every((id) => id === undefined || heard.has(id))
}
