import type { AccessRecord } from './access-line.ts'

type Line = Partial<AccessRecord> & {
  readonly msg?: string
  readonly time?: string
  readonly level?: string
  readonly err?: { readonly message?: string }
}

/**
 * Writes one line of the JSON log in the lab's form (S4.17): `<ip:port> - - [<RFC 1123 time>] "GET /secure HTTP/1.1" <user-agent>`
 * for a request, `2026/11/20 21:00:00 Starting server...` for anything else, as Go's `log` package does.
 */
export function commonLine(json: string): string {
  const line = JSON.parse(json) as Line
  const time = new Date(line.time ?? Date.now())
  if (line.msg === 'request' && line.remote !== undefined) {
    const request = `${line.method} ${line.path} HTTP/${line.httpVersion}`
    return printable(`${line.remote} - - [${rfc1123(time)}] "${request}" ${line.userAgent}`)
  }
  const cause = line.err?.message === undefined ? '' : `: ${line.err.message}`
  const level = line.level === undefined || line.level === 'info' ? '' : `${line.level.toUpperCase()} `
  return printable(
    `${time.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')} ${level}${line.msg}${cause}`,
  )
}

/** Go's time.RFC1123 in UTC; `toUTCString` writes the same with the older name of the zone. */
function rfc1123(time: Date): string {
  return time.toUTCString().replace(/GMT$/, 'UTC')
}

/** Keeps a client's header from moving the cursor or starting a line of its own. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
}
