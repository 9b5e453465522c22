import type { PathMatch } from '@postern/routing-table'
import { compileRegex } from '../linear-regex.ts'

/** Finds the index of the first entry that fits a path. */
export type PathIndex = (path: string) => number | undefined

interface RegexEntry {
  readonly index: number
  test(path: string): boolean
}

/**
 * Derives an index from paths in matching order. The first that fits wins, whatever its kind: exact paths and
 * prefixes are looked up by name (one look-up per segment), regular expressions are tried in order.
 */
export function indexPaths(paths: readonly PathMatch[]): PathIndex {
  const exact = new Map<string, number>()
  const prefixes = new Map<string, number>()
  const regexes: RegexEntry[] = []
  for (const [index, path] of paths.entries()) {
    if (path.kind === 'exact') keepFirst(exact, path.value, index)
    else if (path.kind === 'prefix') keepFirst(prefixes, withoutTrailingSlash(path.value), index)
    else regexes.push({ index, test: regexTest(path.value, path.ignoreCase) })
  }
  return (path) => {
    const named = smaller(exact.get(path), prefixes.size === 0 ? undefined : firstPrefix(prefixes, path))
    for (const { index, test } of regexes) {
      if (named !== undefined && named < index) return named
      if (test(path)) return index
    }
    return named
  }
}

function regexTest(pattern: string, ignoreCase: boolean): (path: string) => boolean {
  const regex = compileRegex(pattern, { ignoreCase, anchored: true })
  return (path) => regex.test(path)
}

// A prefix covers whole segments: `/foo` and `/foo/` both cover `/foo`, `/foo/` and `/foo/bar`, never `/foobar`.
function firstPrefix(prefixes: ReadonlyMap<string, number>, path: string): number | undefined {
  let first = prefixes.get('')
  for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
    first = smaller(first, prefixes.get(path.slice(0, slash)))
  }
  return path.endsWith('/') ? first : smaller(first, prefixes.get(path))
}

function withoutTrailingSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

function keepFirst(map: Map<string, number>, key: string, index: number): void {
  if (!map.has(key)) map.set(key, index)
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.min(a, b)
}
