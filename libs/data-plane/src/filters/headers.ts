import type { HeaderEdits } from '@postern/exchange'
import type { HeaderEdit, HeadersFilter } from '@postern/routing-table'
import type { PreparedFilter } from '../filter.ts'

/** Fixed headers on the upstream request and on the response. */
export function headers({ request, response }: HeadersFilter): PreparedFilter {
  return {
    request: ({ exchange }) => {
      apply(request, exchange.requestEdits)
      return undefined
    },
    response: ({ exchange }) => apply(response, exchange.responseEdits),
  }
}

function apply(edits: readonly HeaderEdit[], to: HeaderEdits): void {
  for (const edit of edits) {
    if (edit.kind === 'remove') to.remove(edit.name)
    else to[edit.kind](edit.name, edit.value)
  }
}
