import type { Journey } from '../journey.ts'

export const TRACE_HEADER = 'Postern-Explain'

/** What really happened to a request, for the client that asked with the header of the same name. Milliseconds. */
export interface Trace {
  /** Pattern of the virtual host. */
  readonly host?: string
  readonly route: string
  /** `file:line` of the rule. */
  readonly rule?: string
  /** The filter that ended the road. */
  readonly stoppedBy?: string
  readonly backend?: string
  readonly endpoint?: string
  readonly attempts: number
  readonly upstreamTarget?: string
  readonly reason?: string
  readonly totalMs: number
  readonly upstreamMs?: number
  readonly revision: number
}

/** Adds the trace to an answer whose request asked for it; else reads one header and makes nothing. */
export function addTrace(journey: Journey, now: number): void {
  const { exchange } = journey
  if (exchange.headers.get(TRACE_HEADER.toLowerCase()) === undefined) return
  // RFC 9110 §5.5: field values are ASCII; JSON has a way to write the rest.
  const text = JSON.stringify(traceOf(journey, now)).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  exchange.responseEdits.set(TRACE_HEADER, text)
}

function traceOf(journey: Journey, now: number): Trace {
  const { host, route, stoppedBy, backend, endpoint, reason, upstreamMs, table } = journey
  const { file, line } = route.route.origin
  return {
    ...(host !== undefined && { host: host.pattern }),
    route: route.route.id,
    ...(file !== undefined && { rule: line === undefined ? file : `${file}:${String(line)}` }),
    ...(stoppedBy !== undefined && { stoppedBy }),
    ...(backend !== undefined && { backend }),
    ...(endpoint !== undefined && {
      endpoint: `${endpoint.address}:${String(endpoint.port)}`,
      upstreamTarget: journey.upstreamPath + journey.upstreamQuery,
    }),
    attempts: journey.attempts,
    ...(reason !== undefined && { reason }),
    totalMs: rounded(now - journey.startedAt),
    ...(upstreamMs !== undefined && { upstreamMs: rounded(upstreamMs) }),
    revision: table.revision,
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}
