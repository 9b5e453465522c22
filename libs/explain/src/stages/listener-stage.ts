import type { Stage } from '../explanation.ts'
import type { ExplainRequest } from '../request.ts'

/** Which of the two doors, and who the client is taken for. */
export function listenerStage(
  request: ExplainRequest,
  client: { readonly address: string; readonly scheme: string },
): Stage {
  const believed =
    client.address === request.from
      ? `client ${request.from}`
      : `client ${client.address}, as the trusted proxy ${request.from} says`
  const details =
    client.scheme === request.scheme
      ? []
      : [{ mark: 'note' as const, text: `a trusted proxy says that the client spoke ${client.scheme}` }]
  return {
    stage: 'listener',
    decision: `${request.scheme} on port ${String(request.port)}, ${believed}`,
    details,
  }
}
