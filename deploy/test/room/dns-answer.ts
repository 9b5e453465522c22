// The answers of a cluster's DNS server: A records for names, "no such name" for the rest (RFC 1035 §4).

/** Name in lower case → its IPv4 addresses; a name without any exists all the same. */
export type Names = ReadonlyMap<string, readonly string[]>

const HEADER_BYTES = 12
const TYPE_A = 1
const TTL_SECONDS = 1
/** A pointer to the name of the question, which every answer here repeats. */
const NAME_OF_QUESTION = [0xc0, HEADER_BYTES]

/** The datagram that answers `query`, which holds one question. */
export function answerTo(query: Buffer, names: Names): Buffer {
  const { name, end } = readName(query, HEADER_BYTES)
  const known = names.get(name.toLowerCase())
  const addresses = query.readUInt16BE(end) === TYPE_A ? (known ?? []) : []
  const head = Buffer.from(query.subarray(0, end + 4))
  const noSuchName = known === undefined ? 3 : 0
  head.writeUInt16BE(0x8180 | noSuchName, 2)
  head.writeUInt16BE(addresses.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...addresses.map(recordOf)])
}

function recordOf(address: string): Buffer {
  const bytes = address.split('.').map(Number)
  return Buffer.from([...NAME_OF_QUESTION, 0, TYPE_A, 0, 1, 0, 0, 0, TTL_SECONDS, 0, 4, ...bytes])
}

function readName(query: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = start
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 1 }
}
