import type { HeaderEdits } from '@postern/exchange'
import type { HeaderEdit, HeadersFilter } from '@postern/routing-table'
import type { PreparedFilter } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { renderLine } from '../template.ts'

/** Headers of our own on the upstream request and on the response. */
export function headers({ request, response }: HeadersFilter): PreparedFilter {
  return {
    request: (journey) => {
      apply(request, journey.exchange.requestEdits, journey)
      return undefined
    },
    response: (journey) => apply(response, journey.exchange.responseEdits, journey),
  }
}

function apply(edits: readonly HeaderEdit[], to: HeaderEdits, journey: Journey): void {
  for (const edit of edits) {
    if (edit.kind === 'remove') to.remove(edit.name)
    else if (edit.kind === 'render') setOrRemove(edit.name, renderLine(edit.value, journey), to)
    else to[edit.kind](edit.name, edit.value)
  }
}

// nginx sends no header whose value turns out to be empty.
function setOrRemove(name: string, value: string, to: HeaderEdits): void {
  if (value === '') to.remove(name)
  else to.set(name, value)
}
