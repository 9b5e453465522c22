import type { PathMatch } from '@postern/routing-table'

/** Paths that a rule fits, and its neighbours on both sides of each boundary: what tells one rule from another. */
export function samplePaths({ kind, value }: PathMatch): readonly string[] {
  const base = value.length > 1 && value.endsWith('/') ? value.slice(0, -1) : value
  if (kind === 'exact') return [value]
  if (kind === 'prefix')
    return base === '/' ? ['/', '/x', '/x/y.z'] : [base, `${base}/`, `${base}/x`, `${base}/x/y.z`]
  return [...new Set(expand(value).map((path) => (path.startsWith('/') ? path : `/${path}`)))]
}

const LIMIT = 12

/**
 * Texts that a regular expression probably matches: each alternative, each optional part with and without. It knows
 * groups, alternatives, classes, `.` and quantifiers; what it does not know it takes literally.
 */
export function expand(pattern: string): readonly string[] {
  const { texts } = alternatives(pattern.replace(/^\^/, ''), 0)
  return texts.slice(0, LIMIT)
}

interface Read {
  readonly texts: readonly string[]
  readonly end: number
}

function alternatives(pattern: string, start: number): Read {
  const all: string[] = []
  let at = start
  for (;;) {
    const { texts, end } = sequence(pattern, at)
    all.push(...texts)
    if (pattern[end] !== '|') return { texts: all, end }
    at = end + 1
  }
}

function sequence(pattern: string, start: number): Read {
  let texts: readonly string[] = ['']
  let at = start
  while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
    const one = atom(pattern, at)
    const repeated = quantified(pattern, one)
    texts = join(texts, repeated.texts)
    at = repeated.end
  }
  return { texts, end: at }
}

function atom(pattern: string, at: number): Read {
  const char = pattern[at] ?? ''
  if (char === '(') {
    const open = /^\((?:\?(?::|P?<\w+>|[a-z]+:))?/.exec(pattern.slice(at))?.[0].length ?? 1
    const { texts, end } = alternatives(pattern, at + open)
    return { texts, end: end + 1 }
  }
  if (char === '[') return characterClass(pattern, at)
  if (char === '\\') {
    const escaped = pattern[at + 1] ?? ''
    const known: Readonly<Record<string, string>> = { d: '7', w: 'w', s: ' ', D: 'd', W: '-', S: 's', b: '' }
    return { texts: [known[escaped] ?? escaped], end: at + 2 }
  }
  if (char === '$' || char === '^') return { texts: [''], end: at + 1 }
  return { texts: [char === '.' ? 'q' : char], end: at + 1 }
}

function characterClass(pattern: string, at: number): Read {
  const end = pattern.indexOf(']', at + 2)
  if (end < 0) return { texts: ['['], end: at + 1 }
  const body = pattern.slice(at + 1, end)
  const member = body.startsWith('^')
    ? ['q', 'x', '7', '-'].find((char) => !body.includes(char))
    : body.startsWith('\\')
      ? atom(body, 0).texts[0]
      : body[0]
  return { texts: [member ?? 'q'], end: end + 1 }
}

function quantified(pattern: string, { texts, end }: Read): Read {
  const sign = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})[?+]?/.exec(pattern.slice(end))
  if (sign === null) return { texts, end }
  const after = end + sign[0].length
  if (sign[1] !== undefined) return { texts: texts.map((one) => one.repeat(Number(sign[1]))), end: after }
  const optional = sign[0].startsWith('+') ? [] : ['']
  return { texts: [...optional, ...texts], end: after }
}

function join(left: readonly string[], right: readonly string[]): readonly string[] {
  return left.flatMap((one) => right.map((other) => one + other)).slice(0, LIMIT)
}
