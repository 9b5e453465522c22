import { isIP } from 'node:net'

/** Who really connected, as the PROXY protocol tells it; `address` is absent for `UNKNOWN` and `LOCAL`. */
export interface ProxyGreeting {
  /** Bytes of the greeting. */
  readonly length: number
  readonly address?: string
  readonly port?: number
}

// https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt §2.1 and §2.2.
const MAX_TEXT_BYTES = 107
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const HEADER_BYTES = 16
const MAX_BINARY_BYTES = 4096

/** Reads the greeting at the start of `bytes`: versions 1 and 2. */
export function readProxyGreeting(bytes: Buffer): ProxyGreeting | 'incomplete' | 'refused' {
  const begun = Math.min(bytes.length, SIGNATURE.length)
  if (begun > 0 && bytes.subarray(0, begun).equals(SIGNATURE.subarray(0, begun))) return readBinary(bytes)
  const text = bytes.toString('latin1', 0, MAX_TEXT_BYTES)
  if (!'PROXY '.startsWith(text.slice(0, 6))) return 'refused'
  const end = text.indexOf('\r\n')
  if (end < 0) return bytes.length >= MAX_TEXT_BYTES ? 'refused' : 'incomplete'
  return readText(text.slice(0, end), end + 2)
}

function readText(line: string, length: number): ProxyGreeting | 'refused' {
  if (/^PROXY UNKNOWN( .*)?$/.test(line)) return { length }
  const match = /^PROXY TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/.exec(line)
  if (match === null) return 'refused'
  const [, family, address = '', , port = ''] = match
  if (isIP(address) !== Number(family) || Number(port) > 65535) return 'refused'
  return { length, address, port: Number(port) }
}

function readBinary(bytes: Buffer): ProxyGreeting | 'incomplete' | 'refused' {
  if (bytes.length < HEADER_BYTES) return 'incomplete'
  const command = bytes.readUInt8(12)
  const family = bytes.readUInt8(13)
  const length = HEADER_BYTES + bytes.readUInt16BE(14)
  if (command >> 4 !== 2 || (command & 15) > 1 || length > MAX_BINARY_BYTES) return 'refused'
  if (bytes.length < length) return 'incomplete'
  if ((command & 15) === 0) return { length }
  if (family === 0x11 && length >= HEADER_BYTES + 12) {
    return { length, address: [...bytes.subarray(16, 20)].join('.'), port: bytes.readUInt16BE(24) }
  }
  if (family === 0x21 && length >= HEADER_BYTES + 36) {
    return { length, address: ipv6(bytes.subarray(16, 32)), port: bytes.readUInt16BE(48) }
  }
  return { length }
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16))
  // URL writes the canonical short form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}
