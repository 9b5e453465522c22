import type { PathMatch } from '@postern/routing-table'
import { compareText } from '../diagnostic.ts'
import type { HostModel, Location } from '../resolve/model.ts'
import { takesOver } from '../resolve/takes-over.ts'
import { toBytes, withoutTrailingSlash } from './normalise.ts'
import { anchoredLikeNginx, regexOf } from './regex-of.ts'

/** A route before its filters are worked out. */
export interface RouteDraft {
  readonly location: Location
  readonly match: PathMatch
  /** Nothing but a 301 to this path, which has the trailing slash that the request lacks. */
  readonly slashRedirect?: string
  /** Why the path cannot be served: 503. */
  readonly denied?: string
}

/**
 * The order in which nginx would try the locations that ingress-nginx writes. One path with use-regex or a rewrite makes
 * all paths of the host regular expressions.
 */
export function routesLikeNginx({ locations }: HostModel): readonly RouteDraft[] {
  return locations.some(takesOver) ? regexHost(locations) : plainHost(locations)
}

// Longest text first, in a tie the later in the alphabet; every pattern without regard to case and open at its end.
// A Prefix that is not rewritten stands twice, as `^/foo/` and `^/foo`: together they are the latter.
function regexHost(locations: readonly Location[]): readonly RouteDraft[] {
  const texts = locations.map((location) => ({ location, ...regexOf(location.path) }))
  texts.sort((a, b) => b.text.length - a.text.length || rank(a) - rank(b) || compareText(b.text, a.text))
  return texts.map(({ location, text, denied }) => ({
    location,
    match:
      text === '/'
        ? { kind: 'prefix', value: '/' }
        : { kind: 'regex', value: anchoredLikeNginx(text), ignoreCase: true },
    ...(denied !== undefined && { denied }),
  }))
}

function rank({ denied }: { readonly denied?: string }): number {
  return denied === undefined ? 0 : 1
}

/**
 * A Prefix `/foo` becomes `location /foo/` and `location = /foo` (unless somebody has that path as Exact); an Exact path
 * `location = /foo`. And a location that ends in a slash draws the request without the slash to it: 301.
 */
function plainHost(locations: readonly Location[]): readonly RouteDraft[] {
  const exact = new Map<string, RouteDraft>()
  const folders = new Map<string, Location>()
  for (const location of locations.filter((l) => l.type === 'exact'))
    exact.set(location.path, exactly(location, location.path))
  for (const location of locations.filter((l) => l.type !== 'exact')) {
    const folder = location.path.endsWith('/') ? location.path : `${location.path}/`
    // The same folder from `/foo` and `/foo/`: two locations of one name, which nginx refuses. The first stays.
    if (!folders.has(folder)) folders.set(folder, location)
    if (!exact.has(location.path) && location.path !== '/')
      exact.set(location.path, exactly(location, location.path))
  }
  for (const path of [...exact.keys(), ...folders.keys()]) {
    const bare = withoutTrailingSlash(path)
    const location = folders.get(path) ?? exact.get(path)?.location
    if (bare !== path && !exact.has(bare) && location !== undefined) {
      exact.set(bare, { ...exactly(location, bare), slashRedirect: path })
    }
  }
  return [...withoutImplied(exact, folders), ...prefixes(folders)]
}

function exactly(location: Location, path: string): RouteDraft {
  return { location, match: { kind: 'exact', value: toBytes(path) } }
}

// `= /foo` says nothing that the prefix `/foo` of the same rule does not say as well.
function withoutImplied(
  exact: ReadonlyMap<string, RouteDraft>,
  folders: ReadonlyMap<string, Location>,
): readonly RouteDraft[] {
  const needed = [...exact].filter(([path, draft]) => {
    const folder = folders.get(path.endsWith('/') ? path : `${path}/`)
    return draft.slashRedirect !== undefined || draft.location.type === 'exact' || folder !== draft.location
  })
  return needed.sort(([a], [b]) => compareText(a, b)).map(([, draft]) => draft)
}

function prefixes(folders: ReadonlyMap<string, Location>): readonly RouteDraft[] {
  return [...folders]
    .sort(([a], [b]) => b.length - a.length || compareText(a, b))
    .map(([folder, location]) => ({
      location,
      match: { kind: 'prefix', value: toBytes(withoutTrailingSlash(folder)) },
    }))
}
