import type { Rehearsal } from '@postern/data-plane'
import type { Detail, Stage } from '../explanation.ts'
import { describeFilter } from './describe-filter.ts'

/** Redirects, CORS, limits, authentication, rewrite: in running order, and which of them ended the road. */
export function filterStage({ route, stoppedBy, reason, answer }: Rehearsal): Stage {
  const end = route.filters.findIndex(({ kind }) => kind === stoppedBy)
  const details = route.filters.map((filter, index): Detail => {
    const what = `${filter.kind}: ${describeFilter(filter)}`
    if (index === end) {
      const why = reason === undefined ? '' : `, ${reason}`
      return { mark: 'stopped', text: `${what} → ${String(answer.status)}${why}` }
    }
    if (end >= 0 && index > end) return { mark: 'lost', text: `${what} (not reached)` }
    return { mark: 'passed', text: what }
  })
  const decision =
    stoppedBy !== undefined
      ? `${stoppedBy} answers ${String(answer.status)}`
      : route.filters.length === 0
        ? 'none'
        : 'all passed'
  return { stage: 'filters', decision, details }
}
