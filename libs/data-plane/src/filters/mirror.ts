import type { MirrorFilter } from '@postern/routing-table'
import { clientHeaders } from '../client-headers.ts'
import type { FilterServices, PreparedFilter } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { render } from '../template.ts'
import { subrequest, type Subrequest } from './subrequest.ts'

// A mirror that does not answer must not pile up requests without end.
const MAX_OPEN = 100
// What ingress-nginx takes as a body by default.
const MAX_BODY_BYTES = 1_048_576
const TOO_LARGE = `its body is larger than ${String(MAX_BODY_BYTES)} bytes, or never came whole`
/** Bodies that wait for their mirrors, of all routes together. */
const MAX_HELD_BYTES = 32 * MAX_BODY_BYTES

/** Sends a copy of each request elsewhere and forgets the answer. The original waits for nothing: the copy leaves once its body has passed. */
export function mirror(filter: MirrorFilter, services: FilterServices): PreparedFilter {
  const held = services.runtime.get('mirror bodies', () => ({ bytes: 0 }))
  let open = 0

  const send = async (journey: Journey, copy: Subrequest): Promise<void> => {
    if (open >= MAX_OPEN) return
    open += 1
    try {
      const response = await subrequest(services, journey, copy)
      response.discard()
    } finally {
      open -= 1
    }
  }

  const sendWithBody = async (journey: Journey, copy: Subrequest): Promise<void> => {
    const { exchange } = journey
    const room = exchange.body.length ?? MAX_BODY_BYTES
    if (room > MAX_BODY_BYTES) throw new Error(TOO_LARGE)
    if (held.bytes + room > MAX_HELD_BYTES) throw new Error('too many bodies wait for their mirrors')
    held.bytes += room
    try {
      const body = await exchange.copyBody(MAX_BODY_BYTES)
      if (body === undefined) throw new Error(TOO_LARGE)
      await send(journey, { ...copy, body })
    } finally {
      held.bytes -= room
    }
  }

  // Put together before later filters change the request.
  const mirrored = async (journey: Journey): Promise<void> => {
    const copy: Subrequest = {
      url: new URL(render(filter.url, journey)),
      ...(filter.backend !== undefined && { backend: filter.backend }),
      ...(filter.tls !== undefined && { tls: filter.tls }),
      method: journey.exchange.method,
      headers: [...clientHeaders(journey), ['X-Request-ID', journey.requestId]],
      ...(filter.host !== undefined && { host: filter.host }),
    }
    const hasBody = filter.body && journey.exchange.body.length !== 0
    return hasBody ? sendWithBody(journey, copy) : send(journey, copy)
  }

  return {
    request: (journey) => {
      mirrored(journey).catch((error: unknown) =>
        services.warn(
          `a request was not mirrored: ${error instanceof Error ? error.message : String(error)}`,
        ),
      )
      return undefined
    },
  }
}
