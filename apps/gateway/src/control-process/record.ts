import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { Redacted } from '@postern/routing-table'

/**
 * A part of a table as text that takes little room, one character a byte: UTF-8 of JSON, deflated when that is worth it. It
 * holds secrets openly, so it is kept private and never logged.
 */
export type TableRecord = string

/** JSON of a part of a table. Secrets stand in it openly, under a name that no field has. */
export function toRecordText(value: unknown): string {
  const text = JSON.stringify(value)
  // A replacer is ten times slower, and most parts have no secret.
  return text.includes('"[redacted]"') ? JSON.stringify(value, revealSecrets) : text
}

export function packRecord(text: string): TableRecord {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length < WORTH_DEFLATING) return bytes.toString('latin1')
  const deflated = deflateRawSync(bytes, { ...FORM, level: 1, memLevel: 4 })
  return `${DEFLATED}${deflated.toString('latin1')}`
}

/** The part again, its secrets hidden as before. */
export function readRecord<T>(record: TableRecord): T {
  const bytes = record.startsWith(DEFLATED)
    ? inflateRawSync(Buffer.from(record.slice(1), 'latin1'), FORM)
    : Buffer.from(record, 'latin1')
  const text = bytes.toString('utf8')
  return (text.includes(SECRET) ? JSON.parse(text, hideSecrets) : JSON.parse(text)) as T
}

const WORTH_DEFLATING = 400

// No JSON begins with it.
const DEFLATED = '\u0001'

// What most hosts say alike: it is not repeated in each. The last bytes are the cheapest to refer to.
const COMMON =
  '"reason":"no rule matches this host and path"},"defaultRoute":{"id":"/(default)","certificate":"protocol":"https","retry":{"conditions":["http_502","http_503"],"https-redirect","status":308,"stripTrailingSlash":true,' +
  '"routes":[{"id":"default/","path":{"kind":"exact","value":"/"},"origin":{"kind":"Ingress","namespace":"default","name":"","file":".yaml","line":1,"column":1},"accessLog":true,"filters":[{"kind":"body-limit","maxBytes":1048576}],' +
  '"target":{"kind":"fixed","status":404,"target":{"kind":"backend","backend":"default//80","policy":{"protocol":"http","timeouts":{"connectMs":5000,"readMs":60000,"sendMs":60000},"retry":{"conditions":["error","timeout"],' +
  '"tries":3,"timeoutMs":0,"nonIdempotent":false},"maxResponseHeadBytes":4096,"pipelining":1}}},"path":{"kind":"prefix","value":"/'
const FORM = { windowBits: 13, dictionary: Buffer.from(COMMON) }

// JSON has no such name anywhere in a table: no field begins with a control character.
const SECRET = '\\u0001secret'
const SECRET_KEY = '\u0001secret'

interface OpenSecret {
  readonly [SECRET_KEY]: string | readonly (readonly [string, string])[]
}

function revealSecrets(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key]
  if (!(raw instanceof Redacted)) return value
  const secret: unknown = raw.reveal()
  // A password file.
  return { [SECRET_KEY]: secret instanceof Map ? [...(secret as Map<string, string>)] : secret }
}

function hideSecrets(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(SECRET_KEY in value)) return value
  const secret = (value as OpenSecret)[SECRET_KEY]
  return new Redacted(typeof secret === 'string' ? secret : new Map(secret))
}
