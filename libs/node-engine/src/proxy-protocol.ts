/** Who the client is, as a trusted peer says (https://www.haproxy.org/download/1.8/doc/proxy-protocol.txt). */
export interface ProxyHeader {
  /** Undefined for health checks and unknown families: the peer speaks for itself. */
  readonly client: { readonly address: string; readonly port: number } | undefined
  /** Bytes of the header. */
  readonly length: number
}

const V2_SIGNATURE = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a])
const V1_MAX_BYTES = 107

/** Reads a header of version 1 or 2 at the start of `bytes`; undefined while more bytes are needed. Throws when it is none. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | undefined {
  const isV2 = bytes.subarray(0, V2_SIGNATURE.length).equals(V2_SIGNATURE.subarray(0, bytes.length))
  if (isV2) return bytes.length < 16 ? undefined : readV2(bytes)
  return readV1(bytes)
}

function readV1(bytes: Buffer): ProxyHeader | undefined {
  const start = bytes.subarray(0, V1_MAX_BYTES).toString('latin1')
  const end = start.indexOf('\r\n')
  if (end < 0) {
    if (bytes.length >= V1_MAX_BYTES || !'PROXY '.startsWith(start.slice(0, 6))) throw noHeader()
    return undefined
  }
  const length = end + 2
  const fields = start.slice(0, end).split(' ')
  if (fields[0] !== 'PROXY') throw noHeader()
  if (fields[1] === 'UNKNOWN') return { client: undefined, length }
  const [, family, address, , port] = fields
  if (
    fields.length !== 6 ||
    !/^TCP[46]$/.test(family ?? '') ||
    !/^[0-9a-fA-F.:]+$/.test(address ?? '') ||
    !/^\d{1,5}$/.test(port ?? '')
  ) {
    throw noHeader()
  }
  return { client: { address: address ?? '', port: Number(port) }, length }
}

function readV2(bytes: Buffer): ProxyHeader | undefined {
  const command = bytes.readUInt8(12)
  const family = bytes.readUInt8(13)
  const length = 16 + bytes.readUInt16BE(14)
  if (command >> 4 !== 2) throw noHeader()
  if (bytes.length < length) return undefined
  const isLocal = (command & 0x0f) === 0
  if (!isLocal && family === 0x11 && length >= 28) {
    return {
      client: { address: [...bytes.subarray(16, 20)].join('.'), port: bytes.readUInt16BE(24) },
      length,
    }
  }
  if (!isLocal && family === 0x21 && length >= 52) {
    const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(16 + 2 * i).toString(16))
    return { client: { address: groups.join(':'), port: bytes.readUInt16BE(48) }, length }
  }
  return { client: undefined, length }
}

function noHeader(): Error {
  return new Error('the connection does not begin with a PROXY protocol header')
}
