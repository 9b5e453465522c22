import type { AccessEntry } from './access-log.ts'

/**
 * An access entry as one JSON object. Written by hand, of as few pieces as it can be, because this runs once per request: what
 * stands between two values that change is one text, made when it is first needed.
 */
export function accessLine(entry: AccessEntry): string {
  const { client, method, host, path, requestId, userAgent, attempts, upstreamMs } = entry
  const isPlain = plain(client) && plain(method) && plain(host) && plain(path) && plain(requestId)
  let line = isPlain
    ? `${opening(entry.time)}"${client}${behindClient(method, entry.scheme)}"${host}","path":"${path}"`
    : `${opening(entry.time)}${json(client)},"method":${json(method)},"scheme":"${entry.scheme}","host":${json(host)},"path":${json(path)}`
  line += behindPath(entry.httpVersion, entry.status) + String(entry.bytes)
  line += (entry.complete ? COMPLETE : INCOMPLETE) + decimal(entry.durationMs)
  line += behindDuration(entry.route) + (isPlain ? `"${requestId}"` : json(requestId))
  if (userAgent !== undefined) line += `,"userAgent":${json(userAgent)}`
  if (entry.backend !== undefined) line += place(entry.backend, entry.endpoint)
  if (attempts !== undefined) line += attempts === 1 ? ',"attempts":1' : `,"attempts":${String(attempts)}`
  if (upstreamMs !== undefined) line += `,"upstreamMs":${decimal(upstreamMs)}`
  if (entry.stoppedBy !== undefined) line += `,"stoppedBy":${json(entry.stoppedBy)}`
  if (entry.reason !== undefined) line += `,"reason":${json(entry.reason)}`
  return line + '}'
}

const COMPLETE = ',"complete":true,"durationMs":'
const INCOMPLETE = ',"complete":false,"durationMs":'

let lastTime = ''
let lastOpening = ''

// Many requests end in one millisecond.
function opening(time: string): string {
  if (time !== lastTime) {
    lastTime = time
    lastOpening = `{"msg":"access","time":"${time}","client":`
  }
  return lastOpening
}

/** Texts made once per key, for keys of which there are few and which come again. */
function made<K>(make: (key: K) => string): (key: K) => string {
  const known = new Map<K, string>()
  return (key) => {
    let text = known.get(key)
    if (text === undefined) {
      if (known.size >= MAX_KNOWN) known.clear()
      known.set(key, (text = make(key)))
    }
    return text
  }
}

const MAX_KNOWN = 4_096

const clientEnd = (method: string, scheme: string): string =>
  `","method":"${method}","scheme":"${scheme}","host":`
const behindHttp = made((method: string) => clientEnd(method, 'http'))
const behindHttps = made((method: string) => clientEnd(method, 'https'))
// A longer text that was cut out of a request is a window on all of it, and must not be kept.
const LONGEST_KEPT = 'OPTIONS'.length

function behindClient(method: string, scheme: 'http' | 'https'): string {
  if (method.length > LONGEST_KEPT) return clientEnd(method, scheme)
  return scheme === 'https' ? behindHttps(method) : behindHttp(method)
}

const behind11 = made((status: number) => `,"httpVersion":"1.1","status":${String(status)},"bytes":`)

function behindPath(httpVersion: string, status: number): string {
  if (httpVersion === '1.1') return behind11(status)
  return `,"httpVersion":${json(httpVersion)},"status":${String(status)},"bytes":`
}

const behindDuration = made((route: string) => `,"route":${json(route)},"requestId":`)
const backendText = made((backend: string) => `,"backend":${json(backend)}`)
const endpointText = made((endpoint: string) => `,"endpoint":${json(endpoint)}`)

function place(backend: string, endpoint: string | undefined): string {
  return endpoint === undefined ? backendText(backend) : backendText(backend) + endpointText(endpoint)
}

// Printable ASCII without `"` and `\` stands as it is; everything else is escaped by those who know how.
const PLAIN = /^[ !#-[\]-~]*$/

function json(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

// Short ones are looked through faster than an expression is called.
const SHORT = 40

function plain(text: string): boolean {
  if (text.length > SHORT) return PLAIN.test(text)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false
  }
  return true
}

const decimals: string[] = []
const MAX_DECIMALS = 2_000

/** A number of milliseconds with two digits behind the point, as JSON writes it; those up to 20 ms are made once. */
function decimal(ms: number): string {
  const hundredths = Math.round(ms * 100)
  if (!(hundredths >= 0 && hundredths < MAX_DECIMALS)) return String(ms)
  return (decimals[hundredths] ??= String(hundredths / 100))
}
