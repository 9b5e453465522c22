/** What an access line tells; `common-log.ts` writes the lab's form from the same fields. */
export interface AccessRecord {
  readonly requestId: string
  readonly method: string
  /** Without the query; a parameter of the path is written as its name, because it may be a secret. */
  readonly path: string
  readonly httpVersion: string
  readonly status: number
  readonly durationMs: number
  /** The peer of the connection, `address:port`. */
  readonly remote: string
  readonly userAgent: string
}

/**
 * Makes the writer of a service's access lines: JSON in the form of pino's lines. No member can hold a secret, so pino's search for
 * secrets, which costs more than the line, is left out. The request's id and method are known to need no escaping.
 */
export function accessLines(service: string): (record: AccessRecord, nowMs: number) => string {
  const name = JSON.stringify(service)
  const clock = isoClock()
  return (record, nowMs) =>
    `{"level":"info","time":"${clock(nowMs)}","name":${name},"requestId":"${record.requestId}","method":"${record.method}","path":${JSON.stringify(record.path)},"httpVersion":"${record.httpVersion}","status":${record.status},"durationMs":${record.durationMs},"remote":"${record.remote}","userAgent":${JSON.stringify(record.userAgent)},"msg":"request"}\n`
}

/** Writes times as `toISOString` does, and the same text for every line of one millisecond. */
function isoClock(): (nowMs: number) => string {
  let lastMs = NaN
  let last = ''
  return (nowMs) => {
    if (nowMs !== lastMs) {
      lastMs = nowMs
      last = new Date(nowMs).toISOString()
    }
    return last
  }
}
