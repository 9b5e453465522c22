/**
 * The path of a request, parsed once. What is matched and what is forwarded come from this one value, so that no upstream
 * can read another path than the one that was authorised.
 */
export interface RequestPath {
  /** As received, without the query; always begins with `/`. */
  readonly raw: string
  /** For matching: escapes decoded once, `.` and `..` resolved, `//` merged, as nginx's `$uri`. */
  readonly normalized: string
  /**
   * What an upstream gets when no filter rewrites: `raw` where decoding it once gives `normalized`, so that escapes
   * arrive as they were sent; otherwise (dot segments, doubled slashes) `normalized`, escaped again.
   */
  readonly forwarded: string
  /** The query with its `?`, or empty. Never touched. */
  readonly query: string
}

/** Why a path was refused: the answer is 400 and the reason goes into the log. */
export interface PathRefusal {
  readonly refused: string
}

// A path that needs no work at all: no escapes, no doubled slash, no dot segment, no backslash.
const PLAIN = /^(?:\/[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9._~!$&'()*+,;=:@-]*)*\/?$/

/**
 * Parses the origin-form of a request target (RFC 9112 §3.2.1): `/path?query`.
 *
 * The written rules for the escapes that have fooled proxies:
 * - `%2F` decodes to `/` **before** segments are resolved, so `/a%2F..%2Fadmin` is `/admin` for matching and upstream
 *   alike; `/a%2Fb` is matched as `/a/b` and arrives as `/a%2Fb`, as with nginx.
 * - `\` and `%5C` are ordinary characters of a segment, never a separator; a bare `\` is forwarded as `%5C`.
 * - `;` is an ordinary character: path parameters are not cut off.
 * - `%00` and malformed escapes are refused.
 * - `..` above the root is refused, as nginx does.
 */
export function parseRequestPath(target: string): RequestPath | PathRefusal {
  const cut = target.indexOf('?')
  const raw = cut < 0 ? target : target.slice(0, cut)
  const query = cut < 0 ? '' : target.slice(cut)
  if (raw.charCodeAt(0) !== 47) return { refused: 'the request target does not begin with /' }
  if (PLAIN.test(raw)) return { raw, normalized: raw, forwarded: raw, query }

  const bytes = decodeEscapes(raw)
  if (typeof bytes !== 'string') return bytes
  const normalized = resolveSegments(bytes)
  if (typeof normalized !== 'string') return normalized
  const forwarded = normalized === bytes ? escapeIllegal(raw) : escapePath(normalized)
  return { raw, normalized, forwarded, query }
}

/** Escapes whatever may not stand in a path (RFC 3986 §3.3). Takes and gives one char per byte (latin1). */
export function escapePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/g, (char) => {
    const hex = char.charCodeAt(0).toString(16).toUpperCase()
    return `%${hex.padStart(2, '0')}`
  })
}

/** Escapes what may not stand in a path, and leaves the escapes that are there. */
function escapeIllegal(raw: string): string {
  return raw.split('%').map(escapePath).join('%')
}

// Bytes stay bytes: a decoded path is a latin1 string, so that invalid UTF-8 survives the way to the upstream.
function decodeEscapes(raw: string): string | PathRefusal {
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) return { refused: 'the path has a malformed percent escape' }
  const decoded = raw.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )
  if (decoded.includes('\0')) return { refused: 'the path contains a NUL byte' }
  return decoded
}

function resolveSegments(path: string): string | PathRefusal {
  const out: string[] = []
  const segments = path.split('/').slice(1)
  const last = segments.length - 1
  for (const [index, segment] of segments.entries()) {
    if (segment === '..') {
      if (out.length === 0) return { refused: 'the path climbs above the root' }
      out.pop()
    } else if (segment !== '.' && segment !== '') out.push(segment)
    const closesFolder = index === last && (segment === '' || segment === '.' || segment === '..')
    if (closesFolder && out.length > 0) out.push('')
  }
  return `/${out.join('/')}`
}
