import { styleText } from 'node:util'

/** Left out for a reader behind the app's name; `--raw-logs` shows them. */
const LEFT_OUT = new Set(
  'level time name msg message pid hostname httpVersion userAgent remote client scheme bytes complete requestId backend attempts upstreamMs'.split(
    ' ',
  ),
)

/**
 * A JSON log line as a person reads it: the message, or method, path and status of a request, then what else it says
 * as `key=value`. A line that is no JSON object stays as it is.
 */
export function readableLine(line: string): string {
  const entry = parseEntry(line)
  if (entry === undefined) return line
  const shown = new Set(LEFT_OUT)
  const text = (key: string): string => {
    shown.add(key)
    return entry[key] === undefined ? '' : plain(entry[key])
  }
  const isRequest = typeof entry['method'] === 'string' && entry['status'] !== undefined
  const what = isRequest
    ? [text('method'), text('host') + text('path'), text('status'), `${text('durationMs')} ms`]
    : [plain(entry['msg'] ?? entry['message'] ?? '')]
  const rest = Object.entries(entry)
    .filter(([key, value]) => !shown.has(key) && value !== undefined && value !== null && value !== '')
    .map(([key, value]) => styleText('dim', `${key}=${plain(value)}`))
  return [...severity(entry['level']), ...what, ...rest].join(' ')
}

function parseEntry(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function severity(level: unknown): string[] {
  if (level === 'warn' || level === 'warning') return [styleText('yellow', 'warning:')]
  if (level === 'error' || level === 'fatal') return [styleText('red', `${level}:`)]
  return []
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
