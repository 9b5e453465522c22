import type { PassedThrough, Refused, RelayResult } from '@postern/exchange'
import type { TlsPassthrough } from '@postern/routing-table'
import { accessLineRoom, writeAccessLine } from './access-line.ts'
import { endpointName } from './endpoint-name.ts'
import type { Journey } from './journey.ts'

/** What is known of an exchange at its end. One line each. */
export interface AccessEntry {
  /** ISO 8601, of the end. */
  readonly time: string
  readonly client: string
  readonly method: string
  readonly scheme: 'http' | 'https'
  readonly host: string
  /** Path and query as received. */
  readonly path: string
  readonly httpVersion: string
  readonly status: number
  /** Of the response's body. */
  readonly bytes: number
  /** False when the client left or the response broke off. */
  readonly complete: boolean
  readonly durationMs: number
  readonly route: string
  readonly requestId: string
  readonly userAgent?: string | undefined
  readonly backend?: string | undefined
  readonly endpoint?: string | undefined
  readonly attempts?: number | undefined
  readonly upstreamMs?: number | undefined
  /** The filter that ended the road. */
  readonly stoppedBy?: string | undefined
  /** Why the gateway answered itself. */
  readonly reason?: string | undefined
}

export type AccessFormat = 'json' | 'common' | 'pretty'

/**
 * Gathers the entry of one exchange. Neither headers nor credentials are in it, except the user agent.
 * Every key is always there: entries of one shape are cheap to make and to read.
 */
export function accessEntry(
  journey: Journey,
  result: RelayResult,
  time: string,
  durationMs: number,
): AccessEntry {
  const { exchange, client, route, backend, endpoint, stoppedBy, reason, upstreamMs } = journey
  return {
    time,
    client: client.address,
    method: exchange.method,
    scheme: client.scheme,
    host: exchange.host,
    path: exchange.target,
    httpVersion: exchange.httpVersion,
    status: result.status,
    bytes: result.bodyBytes,
    complete: result.complete,
    durationMs: hundredths(durationMs),
    route: route.route.id,
    requestId: journey.requestId,
    userAgent: exchange.headers.get('user-agent'),
    backend,
    endpoint: endpoint === undefined ? undefined : endpointName(endpoint),
    attempts: endpoint === undefined ? undefined : journey.attempts,
    upstreamMs: upstreamMs === undefined ? undefined : hundredths(upstreamMs),
    stoppedBy,
    reason,
  }
}

/** The entry of a message that never became an exchange: nothing of what was sent is believed, so nothing of it is told. */
export function refusedEntry(
  { status, reason, connection, unanswered = false }: Refused,
  time: string,
): AccessEntry {
  return {
    time,
    client: connection.remoteAddress,
    method: '',
    scheme: connection.scheme,
    host: '',
    path: '',
    httpVersion: '',
    status,
    bytes: unanswered ? 0 : reason.length + 1,
    complete: !unanswered,
    durationMs: 0,
    route: '',
    requestId: '',
    reason,
  }
}

/** The entry of a TLS connection that was not opened: who spoke with whom, and nothing of what was said. */
export function passedEntry(
  { id, host, backend }: TlsPassthrough,
  passed: PassedThrough,
  status: number,
  time: string,
  durationMs: number,
): AccessEntry {
  const { connection, endpoint, outcome, attempts } = passed
  return {
    time,
    client: connection.remoteAddress,
    method: '',
    scheme: connection.scheme,
    host,
    path: '',
    httpVersion: '',
    status,
    bytes: passed.bytes,
    complete: outcome === 'passed',
    durationMs: hundredths(durationMs),
    route: id,
    requestId: '',
    backend,
    endpoint: endpoint === undefined ? undefined : endpointName(endpoint),
    attempts: endpoint === undefined ? undefined : attempts,
    reason: passed.problem ?? (outcome === 'passed' ? undefined : outcome),
  }
}

function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100
}

/** One line without its line feed. `json` for machines, `common` as NCSA's, `pretty` for a terminal. */
export function formatAccess(entry: AccessEntry, format: AccessFormat): string {
  switch (format) {
    case 'json':
      return jsonLine(entry)
    case 'common':
      return `${entry.client} - - [${commonDate(entry.time)}] "${quoted(entry.method)} ${quoted(entry.path)} HTTP/${entry.httpVersion}" ${String(entry.status)} ${String(entry.bytes)}`
    case 'pretty':
      return pretty(entry)
  }
}

function jsonLine(entry: AccessEntry): string {
  const bytes = Buffer.allocUnsafe(accessLineRoom(entry))
  return bytes.toString('utf8', 0, writeAccessLine(entry, bytes, 0))
}

function pretty(entry: AccessEntry): string {
  const to = entry.endpoint === undefined ? (entry.reason ?? '') : `${entry.backend ?? ''} ${entry.endpoint}`
  return `${String(entry.status)} ${entry.method} ${entry.scheme}://${entry.host}${quoted(entry.path)} ${entry.durationMs.toFixed(1)} ms ${to}`.trimEnd()
}

// A path may hold anything; one line of log stays one line, and quotes do not end the field.
function quoted(text: string): string {
  return text.replace(
    /["\\\u0000-\u001f\u007f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function commonDate(iso: string): string {
  const [, year = '', month = '', day = '', time = ''] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(iso) ?? []
  return `${day}/${MONTHS[Number(month) - 1] ?? ''}/${year}:${time} +0000`
}
