import type { HeaderEdits, HeaderView } from '@postern/exchange'

/** Header lines as Node gives and takes them: name, value, name, value, … Order, case and number of lines are kept. */
export type FlatHeaders = readonly string[]

// RFC 9110 §7.6.1: fields that speak of this connection only. What `Connection` names is added per message.
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** A view on received lines. Nothing is copied until a field is asked for. */
export class FlatHeaderView implements HeaderView {
  readonly #lines: FlatHeaders

  constructor(lines: FlatHeaders) {
    this.#lines = lines
  }

  get(name: string): string | undefined {
    const wanted = name.toLowerCase()
    let found: string | undefined
    for (let i = 0; i < this.#lines.length; i += 2) {
      if (!sameName(this.#lines[i] ?? '', wanted)) continue
      const value = this.#lines[i + 1] ?? ''
      // RFC 6265 §5.4 and RFC 9113 §8.2.3: cookie lines are joined with a semicolon, all others with a comma.
      found = found === undefined ? value : `${found}${wanted === 'cookie' ? '; ' : ', '}${value}`
    }
    return found
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  each(visit: (name: string, value: string) => void): void {
    for (let i = 0; i < this.#lines.length; i += 2) visit(this.#lines[i] ?? '', this.#lines[i + 1] ?? '')
  }
}

/** The lines that may travel on: without hop-by-hop fields, those named in `Connection`, and `alsoWithout`. */
export function endToEnd(lines: FlatHeaders, alsoWithout: ReadonlySet<string>): string[] {
  const named = connectionOptions(lines)
  const kept: string[] = []
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i] ?? ''
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || alsoWithout.has(lower) || named.has(lower)) continue
    kept.push(name, lines[i + 1] ?? '')
  }
  return kept
}

/** Applies edits: what a `set` or `remove` speaks of goes, then each added line follows unless a later edit took it back. */
export function applyEdits(lines: string[], edits: HeaderEdits): string[] {
  const replaced = new Set<string>()
  let added: string[] = []
  edits.each((kind, name, value) => {
    const lower = name.toLowerCase()
    if (kind !== 'add') {
      if (hasName(added, lower)) added = without(added, new Set([lower]))
      replaced.add(lower)
    }
    if (value !== undefined) added.push(name, value)
  })
  return replaced.size === 0 ? [...lines, ...added] : [...without(lines, replaced), ...added]
}

function without(lines: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = []
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i] ?? ''
    if (!names.has(name.toLowerCase())) kept.push(name, lines[i + 1] ?? '')
  }
  return kept
}

function hasName(lines: readonly string[], lower: string): boolean {
  for (let i = 0; i < lines.length; i += 2) if (sameName(lines[i] ?? '', lower)) return true
  return false
}

// `Connection: close` and `keep-alive` name no fields; `Content-Length` and `Host` may not be named away,
// or a client could take framing and routing out of the request.
const NEVER_NAMED = new Set(['content-length', 'host', 'close'])

function connectionOptions(lines: FlatHeaders): ReadonlySet<string> {
  const named = new Set<string>()
  for (let i = 0; i < lines.length; i += 2) {
    if (!sameName(lines[i] ?? '', 'connection')) continue
    for (const option of (lines[i + 1] ?? '').split(',')) {
      const name = option.trim().toLowerCase()
      if (!NEVER_NAMED.has(name)) named.add(name)
    }
  }
  return named
}

function sameName(name: string, lower: string): boolean {
  return name.length === lower.length && name.toLowerCase() === lower
}
