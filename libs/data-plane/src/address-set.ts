/** Addresses covered by a list of CIDRs or single addresses, of both families. */
export interface AddressSet {
  readonly isEmpty: boolean
  contains(address: string): boolean
}

interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

interface Range {
  readonly bits: 32 | 128
  readonly prefix: bigint
  /** How many low bits are free. */
  readonly free: bigint
}

/** Throws for an entry that is no CIDR; the control plane has refused those before. */
export function addressSet(cidrs: readonly string[]): AddressSet {
  const ranges = cidrs.map(parseRange)
  return {
    isEmpty: ranges.length === 0,
    contains: (address) => {
      if (ranges.length === 0) return false
      const parsed = parseAddress(address)
      if (parsed === undefined) return false
      const mapped = mappedIPv4(parsed)
      return isIn(ranges, parsed) || (mapped !== undefined && isIn(ranges, mapped))
    },
  }
}

function isIn(ranges: readonly Range[], { bits, value }: Address): boolean {
  return ranges.some((range) => range.bits === bits && value >> range.free === range.prefix)
}

// RFC 4291 §2.5.5.2: `::ffff:192.0.2.1` is the IPv4 client of a dual-stack proxy. A list of IPv4 addresses means it too.
function mappedIPv4({ bits, value }: Address): Address | undefined {
  return bits === 128 && value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : undefined
}

function parseRange(cidr: string): Range {
  const [address = '', length] = cidr.trim().split('/')
  const parsed = parseAddress(address)
  const prefixLength = length === undefined ? parsed?.bits : Number(length)
  if (
    parsed === undefined ||
    prefixLength === undefined ||
    !(prefixLength >= 0 && prefixLength <= parsed.bits)
  ) {
    throw new Error(
      `${JSON.stringify(cidr)} is no CIDR: expected an address, or one with a prefix length as 10.0.0.0/8`,
    )
  }
  const free = BigInt(parsed.bits - prefixLength)
  return { bits: parsed.bits, prefix: parsed.value >> free, free }
}

/** An address as a number, with its family's size in bits; undefined when it is none. */
export function parseAddress(address: string): Address | undefined {
  const v4 = parseIPv4(address)
  if (v4 !== undefined) return { bits: 32, value: v4 }
  const v6 = parseIPv6(address)
  return v6 === undefined ? undefined : { bits: 128, value: v6 }
}

function parseIPv4(address: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  if (match === null) return undefined
  const bytes = match.slice(1).map(Number)
  if (bytes.some((byte) => byte > 255)) return undefined
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function parseIPv6(address: string): bigint | undefined {
  const halves = withHexTail(address.replace(/%.*$/, '')).split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((value, group) => (value << 16n) | BigInt(parseInt(group, 16)), 0n)
}

// RFC 4291 §2.2: the last 32 bits may be written as an IPv4 address.
function withHexTail(address: string): string {
  const cut = address.lastIndexOf(':') + 1
  const v4 = parseIPv4(address.slice(cut))
  if (v4 === undefined || cut === 0) return address
  return `${address.slice(0, cut)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`
}
