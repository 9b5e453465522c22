import { whyNotLinear } from '../annotations/regex.ts'

export interface PathRegex {
  readonly text: string
  /** Why the path is denied. */
  readonly denied?: string
}

/**
 * The expression of a path. One that cannot run in linear time denies what begins like it: the part before its first
 * special character. It stands where a path of that length would, so a neighbour with a longer path is not denied.
 */
export function regexOf(path: string): PathRegex {
  const reason = whyNotLinear(path)
  if (reason === undefined) return { text: path }
  const head = /^[A-Za-z0-9_/~!@%&=,;:-]*/.exec(path)?.[0] ?? '/'
  // The last character may belong to what follows: `/a*` begins with `/`, not with `/a`.
  const folder = head.slice(0, head.lastIndexOf('/') + 1)
  return {
    text: folder === '' ? '/' : folder,
    denied: `its path ${path} is no usable regular expression: ${reason}`,
  }
}

/**
 * A pattern for a matcher that anchors the whole of it. ingress-nginx writes `^` before the path, which binds the first
 * alternative only: `^/a|/b` finds `/b` anywhere in the path.
 */
export function anchoredLikeNginx(path: string): string {
  const [first = path, ...others] = alternatives(path)
  return [first, ...others.map((other) => `.*(?:${other})`)].join('|')
}

/** Splits at the bars that stand in no group and no class. */
function alternatives(pattern: string): readonly string[] {
  const parts = ['']
  let depth = 0
  let inClass = false
  for (const [token] of pattern.matchAll(/\\.|[\s\S]/gu)) {
    if (inClass) inClass = token !== ']'
    else if (token === '[') inClass = true
    else if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    if (token === '|' && depth === 0 && !inClass) parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts
}
