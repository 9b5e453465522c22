import { RE2JS } from 're2js'

/** A regular expression from a manifest. Matching time is bounded by a small constant times pattern and text. */
export interface LinearRegex {
  test(text: string): boolean
  /** The whole match and its captures, or undefined. */
  exec(text: string): readonly (string | undefined)[] | undefined
}

export interface RegexOptions {
  readonly ignoreCase: boolean
  /** The match must begin where the text begins. */
  readonly anchored: boolean
}

/**
 * Compiles a user's pattern. Plain ones, anchored, run on the platform's engine; all others on re2js, which never backtracks.
 * Patterns are matched on paths whose bytes are latin1 characters, so the pattern is turned into bytes as well.
 * Compiled on first use, because most patterns of a large table are not met between two tables. What is no pattern throws
 * `RE2JSException` then; the control plane has refused those before.
 */
export function compileRegex(pattern: string, options: RegexOptions): LinearRegex {
  let regex: LinearRegex | undefined
  return {
    test: (text) => (regex ??= compileNow(pattern, options)).test(text),
    exec: (text) => (regex ??= compileNow(pattern, options)).exec(text),
  }
}

// A pattern may be a literal path of any length; the platform gives up on long ones, at the first match.
const MAX_PLAIN_LENGTH = 4_096

function compileNow(pattern: string, { ignoreCase, anchored }: RegexOptions): LinearRegex {
  const bytes = Buffer.from(pattern, 'utf8').toString('latin1')
  const plain = anchored ? toPlainSource(bytes) : undefined
  if (plain !== undefined && plain.length <= MAX_PLAIN_LENGTH)
    return nativeRegex(new RegExp(`^(?:${plain})`, ignoreCase ? 'i' : ''))
  return re2Regex(RE2JS.compile(anchored ? `^(?:${bytes})` : bytes, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0))
}

function nativeRegex(regex: RegExp): LinearRegex {
  return { test: (text) => regex.test(text), exec: (text) => regex.exec(text) ?? undefined }
}

function re2Regex(regex: RE2JS): LinearRegex {
  return {
    test: (text) => regex.test(text),
    exec: (text) => {
      const matcher = regex.matcher(text)
      if (!matcher.find()) return undefined
      return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined)
    },
  }
}

// What one attempt to match may branch into. `(a|b)?` branches three ways; unbounded repetition is allowed once.
const MAX_BRANCHES = 64

const TOKEN =
  /\\[^A-Za-z0-9]|\\[dDwW]|\[\^?[^\]\\[]+\]|\(\?:|\((?!\?)|\)|\.|[*+?]\??|\||\$|[^\\[\](){}.*+?|^$]/y

/**
 * The source for the platform's engine, or undefined when the pattern is not plain: it backtracks, so only patterns
 * go there that have at most one `*` or `+`, on a single character or class, and a bounded number of branches.
 */
export function toPlainSource(pattern: string): string | undefined {
  let source = ''
  let branches = 1
  let repeats = 0
  let previous = '('
  TOKEN.lastIndex = pattern.startsWith('^') ? 1 : 0
  while (TOKEN.lastIndex < pattern.length) {
    const token = TOKEN.exec(pattern)?.[0]
    if (token === undefined) return undefined
    if (isQuantifier(token)) {
      if (isQuantifier(previous) || '(|'.includes(previous) || previous === '(?:') return undefined
      if (token.startsWith('?')) branches *= 2
      else if (previous === ')' || ++repeats > 1) return undefined
    }
    if (token === '|') branches *= 2
    if (branches > MAX_BRANCHES) return undefined
    // The platform's dot also stops at carriage returns, nginx's only at line feeds.
    source += token === '.' ? '[^\\n]' : token
    previous = token
  }
  return isBalanced(source) ? source : undefined
}

function isQuantifier(token: string): boolean {
  return /^[*+?]/.test(token)
}

function isBalanced(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp
  } catch {
    return false
  }
}
