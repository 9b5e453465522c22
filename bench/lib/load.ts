import { run } from './processes.ts'

/** One burst of load on one target. Times in milliseconds. */
export interface Burst {
  readonly requests: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
}

export interface LoadOptions {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  readonly core: string
  readonly headers?: readonly string[]
  /** A Lua script of wrk. */
  readonly script?: string
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

/** Runs wrk with one thread. */
export async function burst({
  url,
  seconds,
  connections,
  core,
  headers = [],
  script,
}: LoadOptions): Promise<Burst> {
  const command = ['wrk', '-t1', `-c${String(connections)}`, `-d${String(seconds)}s`, '--latency']
  for (const header of headers) command.push('-H', header)
  if (script !== undefined) command.push('-s', script)
  const output = await run([...command, url], core)
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0)
  return {
    requests: Number(/(\d+) requests in/.exec(output)?.[1] ?? 0),
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? 0),
    p50: milliseconds(/^\s+50%\s+(\S+)/m.exec(output)?.[1]),
    p99: milliseconds(/^\s+99%\s+(\S+)/m.exec(output)?.[1]),
    errors: refused + (socketErrors ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0),
  }
}

function milliseconds(text = ''): number {
  const match = /^([\d.]+)(us|ms|s|m)$/.exec(text)
  return match === null ? NaN : Number(match[1]) * (UNITS[match[2] ?? ''] ?? NaN)
}
