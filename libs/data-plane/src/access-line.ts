import type { AccessEntry } from './access-log.ts'
import { BYTES_PER_UNIT, putBytes, putNumber, putString } from './json-bytes.ts'

// More than all names and numbers of a line.
const FRAME_BYTES = 768

/** Bytes that the line of an entry takes at most. */
export function accessLineRoom(entry: AccessEntry): number {
  const { client, method, host, path, httpVersion, route, requestId, userAgent, backend, endpoint } = entry
  let units = client.length + method.length + host.length + path.length + httpVersion.length + route.length
  units += requestId.length
  if (userAgent !== undefined) units += userAgent.length
  if (backend !== undefined) units += backend.length
  if (endpoint !== undefined) units += endpoint.length
  if (entry.stoppedBy !== undefined) units += entry.stoppedBy.length
  if (entry.reason !== undefined) units += entry.reason.length
  return FRAME_BYTES + units * BYTES_PER_UNIT
}

/**
 * Writes an entry as one JSON object, without a line feed, and gives the offset behind it. `bytes` has room for
 * `accessLineRoom` from `start` on. By hand and without making a text, because this runs once per request: what stands between
 * two values that change is encoded when it is first needed, and copied.
 */
export function writeAccessLine(entry: AccessEntry, bytes: Buffer, start: number): number {
  let at = putBytes(bytes, start, opening(entry.time))
  at = putString(bytes, at, entry.client)
  at = putBytes(bytes, at, behindClient(entry.method, entry.scheme))
  at = putString(bytes, at, entry.host)
  at = putString(bytes, putBytes(bytes, at, PATH), entry.path)
  at = putNumber(bytes, putBytes(bytes, at, behindPath(entry.httpVersion, entry.status)), entry.bytes)
  at = putNumber(bytes, putBytes(bytes, at, entry.complete ? COMPLETE : INCOMPLETE), entry.durationMs)
  at = putString(bytes, putBytes(bytes, at, behindDuration(entry.route)), entry.requestId)
  const { userAgent, upstreamMs, stoppedBy, reason } = entry
  if (userAgent !== undefined) at = putString(bytes, putBytes(bytes, at, USER_AGENT), userAgent)
  at = putPlace(entry, bytes, at)
  if (upstreamMs !== undefined) at = putNumber(bytes, putBytes(bytes, at, UPSTREAM_MS), upstreamMs)
  if (stoppedBy !== undefined) at = putString(bytes, putBytes(bytes, at, STOPPED_BY), stoppedBy)
  if (reason !== undefined) at = putString(bytes, putBytes(bytes, at, REASON), reason)
  bytes[at] = END
  return at + 1
}

function putPlace({ backend, endpoint, attempts }: AccessEntry, bytes: Buffer, start: number): number {
  if (backend === undefined) return start
  if (endpoint === undefined) return putBytes(bytes, start, backendText(backend))
  if (attempts === 1) return putBytes(bytes, start, firstPlaces(backend)(endpoint))
  const at = putString(
    bytes,
    putBytes(bytes, putBytes(bytes, start, backendText(backend)), ENDPOINT),
    endpoint,
  )
  return attempts === undefined ? at : putNumber(bytes, putBytes(bytes, at, ATTEMPTS), attempts)
}

const PATH = Buffer.from(',"path":')
const COMPLETE = Buffer.from(',"complete":true,"durationMs":')
const INCOMPLETE = Buffer.from(',"complete":false,"durationMs":')
const USER_AGENT = Buffer.from(',"userAgent":')
const ENDPOINT = Buffer.from(',"endpoint":')
const ATTEMPTS = Buffer.from(',"attempts":')
const UPSTREAM_MS = Buffer.from(',"upstreamMs":')
const STOPPED_BY = Buffer.from(',"stoppedBy":')
const REASON = Buffer.from(',"reason":')
const END = 0x7d

let lastTime = ''
let lastOpening: Uint8Array = Buffer.alloc(0)

// Many requests end in one millisecond.
function opening(time: string): Uint8Array {
  if (time !== lastTime) {
    lastTime = time
    lastOpening = Buffer.from(`{"msg":"access","time":${JSON.stringify(time)},"client":`)
  }
  return lastOpening
}

/** Made once per key, for keys of which there are few and which come again. */
function made<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    let value = known.get(key)
    if (value === undefined) {
      if (known.size >= MAX_KNOWN) known.clear()
      known.set(key, (value = make(key)))
    }
    return value
  }
}

const MAX_KNOWN = 4_096

const clientEnd = (method: string, scheme: string): Uint8Array =>
  Buffer.from(`,"method":${JSON.stringify(method)},"scheme":"${scheme}","host":`)
const behindHttp = made((method: string) => clientEnd(method, 'http'))
const behindHttps = made((method: string) => clientEnd(method, 'https'))
// A longer text that was cut out of a request is a window on all of it, and must not be kept.
const LONGEST_KEPT = 'OPTIONS'.length

function behindClient(method: string, scheme: 'http' | 'https'): Uint8Array {
  if (method.length > LONGEST_KEPT) return clientEnd(method, scheme)
  return scheme === 'https' ? behindHttps(method) : behindHttp(method)
}

const pathEnd = (httpVersion: string, status: number): Uint8Array =>
  Buffer.from(`,"httpVersion":${JSON.stringify(httpVersion)},"status":${String(status)},"bytes":`)
const behind11 = made((status: number) => pathEnd('1.1', status))

function behindPath(httpVersion: string, status: number): Uint8Array {
  return httpVersion === '1.1' ? behind11(status) : pathEnd(httpVersion, status)
}

const behindDuration = made((route: string) => Buffer.from(`,"route":${JSON.stringify(route)},"requestId":`))
const backendText = made((backend: string) => Buffer.from(`,"backend":${JSON.stringify(backend)}`))
const firstPlaces = made((backend: string) => {
  const start = `,"backend":${JSON.stringify(backend)},"endpoint":`
  return made((endpoint: string) => Buffer.from(`${start}${JSON.stringify(endpoint)},"attempts":1`))
})
