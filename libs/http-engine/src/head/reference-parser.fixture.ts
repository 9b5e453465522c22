/**
 * The slow and obvious twin of the parsers: whole message in, one regular expression per rule of RFC 9112. Used by tests only.
 */
export interface ReferenceRequest {
  readonly method: string
  readonly target: string
  readonly minor: number
  readonly fields: readonly (readonly [string, string])[]
  readonly headBytes: number
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export function referenceRequest(message: string): ReferenceRequest | 'refused' {
  const forgiven = message.startsWith('\r\n') ? 2 : 0
  const end = message.indexOf('\r\n\r\n', forgiven)
  if (end < 0) return 'refused'
  const [first = '', ...lines] = message.slice(forgiven, end).split('\r\n')
  const start = /^([^ ]+) ([\x21\x22\x24-\x7e]+) HTTP\/1\.([01])$/.exec(first)
  if (start === null) return 'refused'
  const [, method = '', target = '', minor = ''] = start
  if (!TOKEN.test(method) || method.length > 32) return 'refused'
  const fields: [string, string][] = []
  for (const line of lines) {
    const field = /^([^:]*):([\t\x20-\x7e\x80-\xff]*)$/.exec(line)
    if (field === null || !TOKEN.test(field[1] ?? '')) return 'refused'
    fields.push([field[1] ?? '', (field[2] ?? '').replace(/^[ \t]+|[ \t]+$/g, '')])
  }
  if (!legalFraming(fields, Number(minor))) return 'refused'
  return { method, target, minor: Number(minor), fields, headBytes: end + 4 }
}

function legalFraming(fields: readonly (readonly [string, string])[], minor: number): boolean {
  const values = (name: string) => fields.filter(([n]) => n.toLowerCase() === name).map(([, value]) => value)
  const lengths = values('content-length')
  const codings = values('transfer-encoding')
  const hosts = values('host')
  if (hosts.length > 1 || (minor === 1 && hosts.length === 0)) return false
  if (lengths.length > 1 || lengths.some((length) => !/^\d{1,15}$/.test(length))) return false
  if (codings.length > 1 || codings.some((coding) => coding.toLowerCase() !== 'chunked')) return false
  if (codings.length === 1 && (lengths.length > 0 || minor === 0)) return false
  return values('expect').every((value) => value.toLowerCase() === '100-continue')
}

export type ReferenceChunked =
  | { readonly data: string; readonly trailers: readonly string[]; readonly bytes: number }
  | 'refused'
  | 'incomplete'

/** The twin of `ChunkedDecoder`: consumes a text from its front, one grammar rule after the other. */
export function referenceChunked(text: string): ReferenceChunked {
  let at = 0
  let data = ''
  for (;;) {
    const size = /^([0-9A-Fa-f]{1,13})(;[\t\x20-\x7e\x80-\xff]{0,256})?\r\n/.exec(text.slice(at))
    if (size === null)
      return /^[0-9A-Fa-f]{0,13}(;[\t\x20-\x7e\x80-\xff]{0,256})?\r?$/.test(text.slice(at)) &&
        !/^[\r;]/.test(text.slice(at))
        ? 'incomplete'
        : 'refused'
    at += size[0].length
    const length = parseInt(size[1] ?? '', 16)
    if (length === 0) return referenceTrailers(text, at, data)
    data += text.slice(at, at + length)
    if (text.length < at + length) return 'incomplete'
    at += length
    const close = text.slice(at, at + 2)
    if (close !== '\r\n') return '\r\n'.startsWith(close) ? 'incomplete' : 'refused'
    at += 2
  }
}

function referenceTrailers(text: string, start: number, data: string): ReferenceChunked {
  const trailers: string[] = []
  let at = start
  for (;;) {
    const rest = text.slice(at)
    if (rest.startsWith('\r\n')) return { data, trailers, bytes: at + 2 }
    const line = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n/.exec(rest)
    if (line === null) {
      const begun =
        /^(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]*|[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*)\r?$/.test(
          rest,
        )
      return begun && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\r$/.test(rest) ? 'incomplete' : 'refused'
    }
    trailers.push(line[0].slice(0, -2))
    at += line[0].length
  }
}
