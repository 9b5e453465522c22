import type { WhoAnswered } from './who-answered.ts'

/** What a running gateway answered. */
export interface Answer {
  readonly status: number
  readonly location?: string
  readonly contentType?: string
  /** Its first part is enough. */
  readonly body?: string
  /** Value of a `Postern-Explain` header. */
  readonly trace?: string
  /** The address that the gateway saw the request come from, as far as this end can tell. */
  readonly from?: string
}

/** What a Postern says about a request that asked for it. */
export interface Trace {
  readonly backend?: string
  readonly endpoint?: string
  readonly upstreamTarget?: string
  readonly reason?: string
}

export function readTrace({ trace }: Answer): Trace | undefined {
  if (trace === undefined) return undefined
  try {
    const value: unknown = JSON.parse(trace)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const SPEAKERS = {
  gateway: ' of the gateway itself',
  upstream: ' of an upstream',
  'nobody knows': '',
} as const

export function describeAnswer(answer: Answer, trace: Trace | undefined, who: WhoAnswered): string {
  if (trace?.endpoint !== undefined)
    return `forwarded to ${trace.backend ?? '?'} as ${trace.upstreamTarget ?? '?'}, ${String(answer.status)}`
  const where = answer.location === undefined ? '' : ` to ${answer.location}`
  const why = trace?.reason === undefined ? '' : ` (${trace.reason})`
  const speaker = answer.status < 400 || trace !== undefined ? '' : SPEAKERS[who]
  return `${String(answer.status)}${where}${why}${speaker}`
}
