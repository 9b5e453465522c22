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
