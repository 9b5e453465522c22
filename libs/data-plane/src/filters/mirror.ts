import type { MirrorFilter } from '@postern/routing-table'
import type { FilterServices, PreparedFilter } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { render } from '../template.ts'
import { clientHeaders, subrequest } from './subrequest.ts'

// A mirror that does not answer must not pile up requests without end.
const MAX_OPEN = 100

/** Sends a copy of each request without its body elsewhere and forgets the answer. The original waits for nothing. */
export function mirror(filter: MirrorFilter, services: FilterServices): PreparedFilter {
  let open = 0
  const copy = async (journey: Journey): Promise<void> => {
    const url = new URL(render(filter.url, journey))
    const { exchange } = journey
    const response = await subrequest(services, journey, {
      url,
      method: exchange.method,
      headers: [...clientHeaders(journey), ['X-Request-ID', journey.requestId]],
      ...(filter.host !== undefined && { host: filter.host }),
    })
    response.discard()
  }
  return {
    request: (journey) => {
      if (open >= MAX_OPEN) return undefined
      open += 1
      void copy(journey)
        .catch((error: unknown) =>
          services.warn(
            `a mirrored request failed: ${error instanceof Error ? error.message : String(error)}`,
          ),
        )
        .finally(() => (open -= 1))
      return undefined
    },
  }
}
