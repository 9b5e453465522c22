import { addressFamily } from '../address-family.ts'

/** Why a text is no value of its kind, in words for its author: "expected …". */
export class Refusal {
  readonly problem: string
  /** The annotation at fault, where that is not obvious. */
  readonly key: string | undefined
  /** What to do, where there is more to say than "correct it". */
  readonly fix: string | undefined

  constructor(problem: string, key?: string, fix?: string) {
    this.problem = problem
    this.key = key
    this.fix = fix
  }
}

/** Text of an annotation or a ConfigMap key in, value or refusal out. Total: never throws, whatever the text. */
export type ParseValue<T> = (text: string) => T | Refusal

// Go's strconv.ParseBool.
const BOOLEANS: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
])

export const boolean: ParseValue<boolean> = (text) =>
  (Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined) ?? new Refusal(`expected 'true' or 'false'`)

export function integer(min = 0, max = 2 ** 31 - 1): ParseValue<number> {
  return (text) => {
    const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : NaN
    if (value >= min && value <= max) return value
    return new Refusal(
      max === 2 ** 31 - 1
        ? `expected a whole number of at least ${min}`
        : `expected a whole number from ${min} to ${max}`,
    )
  }
}

export function oneOf<const T extends string>(...choices: readonly T[]): ParseValue<T> {
  return (text) =>
    choices.find((choice) => choice === text) ??
    new Refusal(`expected ${choices.map((c) => c || "''").join(', ')}`)
}

/** Text of the given form; `expected` describes the form. Control characters never pass. */
export function text(pattern: RegExp, expected: string, maxLength = 2_048): ParseValue<string> {
  return (value) => {
    if (/[\u0000-\u001f\u007f]/.test(value))
      return new Refusal(`${expected}, without line breaks and control characters`)
    return value.length <= maxLength && pattern.test(value) ? value : new Refusal(expected)
  }
}

/** Comma-separated; blanks around parts are dropped, and empty parts too. */
export function list<T>(part: ParseValue<T>): ParseValue<readonly T[]> {
  return (value) => {
    const parts: T[] = []
    for (const piece of value
      .split(',')
      .map((p) => p.trim())
      .filter(Boolean)) {
      const parsed = part(piece)
      if (parsed instanceof Refusal) return new Refusal(`${JSON.stringify(piece)}: ${parsed.problem}`)
      parts.push(parsed)
    }
    return parts
  }
}

/** An address or network, given back as CIDR: `10.0.0.1` is `10.0.0.1/32`. */
export const cidr: ParseValue<string> = (value) => {
  const [address = '', bits, ...rest] = value.split('/')
  const family = addressFamily(address)
  const width = family === 4 ? 32 : 128
  if (family === 0 || rest.length > 0) return new Refusal('expected an address or a network, as 10.0.0.0/8')
  if (bits === undefined) return `${address}/${width}`
  const fits = /^\d{1,3}$/.test(bits) && Number(bits) <= width
  return fits ? `${address}/${bits}` : new Refusal(`expected at most ${width} bits after the slash`)
}

const SIZE_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1_024, m: 1_048_576, g: 1_073_741_824 }

/** nginx's sizes: `8k`, `1m`, `2g`, or bytes. */
export const size: ParseValue<number> = (value) => {
  const match = /^(\d{1,12})([kmg]?)$/i.exec(value.trim())
  const unit = SIZE_UNITS[(match?.[2] ?? '').toLowerCase()]
  if (match?.[1] === undefined || unit === undefined) return new Refusal('expected a size, as 8k, 1m or 1g')
  return Number(match[1]) * unit
}

const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** A header's name (RFC 9110 §5.6.2 token). */
export const headerName = text(TOKEN, 'expected the name of a header', 128)

export const method = oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE')

export const statusCode = integer(100, 599)

/** `name`, or `namespace/name`. */
export interface ObjectName {
  readonly namespace?: string
  readonly name: string
}

const DNS_SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/

export const objectName: ParseValue<ObjectName> = (value) => {
  const parts = value.split('/')
  if (parts.length > 2 || !parts.every((part) => part.length <= 253 && DNS_SUBDOMAIN.test(part))) {
    return new Refusal('expected name or namespace/name')
  }
  const [first = '', second] = parts
  return second === undefined ? { name: first } : { namespace: first, name: second }
}

export const hostName = text(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'expected the name of a host')
