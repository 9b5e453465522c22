/** What the first message of a TLS client says; the server name decides on certificate and client authentication. */
export interface ClientHello {
  readonly serverName: string | undefined
}

// RFC 8446 §5.1: a record is at most 2^14 bytes; a hello is allowed two of them, which is more than any client sends.
const MAX_HELLO_BYTES = 32 * 1024
// A client that writes several on purpose, to be read by nobody on the way, writes a handful.
const MAX_HELLO_RECORDS = 64
const HANDSHAKE_RECORD = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0

/**
 * Reads the server name (RFC 6066 §3) out of the first bytes of a connection. Whatever looks wrong is left to the TLS
 * library to refuse: `{ serverName: undefined }`.
 */
export function readClientHello(bytes: Buffer): ClientHello | 'incomplete' {
  const message = handshakeBytes(bytes)
  if (message === 'incomplete')
    return bytes.length > MAX_HELLO_BYTES ? { serverName: undefined } : 'incomplete'
  if (message === undefined || message[0] !== CLIENT_HELLO) return { serverName: undefined }
  return { serverName: serverName(message) }
}

// A hello may be cut into several records. Every read looks at all of them again, so many tiny ones may not make that dear.
function handshakeBytes(bytes: Buffer): Buffer | 'incomplete' | undefined {
  const message = Buffer.allocUnsafe(bytes.length)
  let have = 0
  let records = 0
  for (let at = 0; at < bytes.length; at += 5 + shortAt(bytes, at + 3)) {
    if (bytes[at] !== HANDSHAKE_RECORD || ++records > MAX_HELLO_RECORDS) return undefined
    const end = Math.min(bytes.length, at + 5 + shortAt(bytes, at + 3))
    if (end > at + 5) have += bytes.copy(message, have, at + 5, end)
    const isWhole = have >= 4 && have >= 4 + byteAt(message, 1) * 65_536 + shortAt(message, 2)
    if (isWhole) return message.subarray(0, have)
  }
  return 'incomplete'
}

// RFC 8446 §4.1.2: version, random, session id, cipher suites, compression methods, extensions. Lengths are the peer's word:
// what they point to beyond the message reads as nothing.
function serverName(message: Buffer): string | undefined {
  let at = 4 + 2 + 32
  at += 1 + byteAt(message, at)
  at += 2 + shortAt(message, at)
  at += 1 + byteAt(message, at)
  const end = Math.min(message.length, at + 2 + shortAt(message, at))
  for (at += 2; at + 4 <= end; at += 4 + shortAt(message, at + 2)) {
    if (shortAt(message, at) !== SERVER_NAME || byteAt(message, at + 6) !== 0) continue
    const name = message.toString('latin1', at + 9, at + 9 + shortAt(message, at + 7)).toLowerCase()
    return /^[a-z0-9._-]{1,253}$/.test(name) ? name : undefined
  }
  return undefined
}

function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0
}

function shortAt(bytes: Buffer, at: number): number {
  return byteAt(bytes, at) * 256 + byteAt(bytes, at + 1)
}
