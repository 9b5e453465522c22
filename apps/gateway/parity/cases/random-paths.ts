import { ingress, type IngressPath } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { NOWHERE, pass, regex, server } from '../nginx-parts.ts'
import { AS_NGINX, scene } from '../observe.ts'
import { randomNumbers } from '../random.ts'
import type { Place } from '../room/place.ts'

const SERVICES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const SEGMENTS = ['x', 'xy', 'y', 'X', 'x.y', '-']
const PATTERNS = ['/x', '/x.', '/[xy]+', '/x(/|$)(.*)', '/(x|y)/x', '/xy?', '/x/[a-z]', '/.*y']
const HOSTS = 24
const REQUESTS = 40

interface RandomHost {
  readonly host: string
  readonly literal: readonly IngressPath[]
  /** Of an Ingress with use-regex; where there is one, the whole host is read so. */
  readonly patterns: readonly IngressPath[]
  readonly targets: readonly string[]
}

function randomHost(index: number): RandomHost {
  const below = randomNumbers(1_000 + index)
  const pick = <T>(of: readonly T[]): T => of[below(of.length)] as T
  const text = (slash: number): string => {
    const depth = below(3) + 1
    const joined = Array.from({ length: depth }, () => `/${pick(SEGMENTS)}`).join('')
    return below(slash) === 0 ? `${joined}/` : joined
  }
  const literal = new Map<string, IngressPath>()
  for (let i = below(5) + 1; i > 0; i--) {
    const path = below(8) === 0 ? '/' : text(4)
    const pathType = pick(['Exact', 'Prefix', 'Prefix', 'ImplementationSpecific'] as const)
    // Of `/x` and `/x/` as prefixes nginx refuses the second: both are the location `/x/`.
    const key = pathType === 'Exact' ? `= ${path}` : folderOf(path)
    if (!literal.has(key)) literal.set(key, { path, pathType, service: pick(SERVICES) })
  }
  const patterns = new Map<string, IngressPath>()
  const count = index % 3 === 0 ? below(3) + 1 : 0
  for (let i = 0; i < count; i++) {
    const path = pick(PATTERNS)
    if (!literal.has(folderOf(path)))
      patterns.set(path, { path, pathType: 'ImplementationSpecific', service: pick(SERVICES) })
  }
  const targets = Array.from({ length: REQUESTS }, () => (below(10) === 0 ? '/' : text(3)))
  const host = `random-${String(index)}.example`
  return { host, literal: [...literal.values()], patterns: [...patterns.values()], targets }
}

const folderOf = (path: string): string => (path.endsWith('/') ? path : `${path}/`)

/** updateServerLocations and buildLocation, written once more from their description. */
function locations(place: Place, { host, literal, patterns }: RandomHost): string {
  const sorted = [...literal, ...patterns].sort((a, b) => {
    const [one, other] = [a.path ?? '', b.path ?? '']
    return other.length - one.length || (other < one ? -1 : 1)
  })
  const exact = new Set(literal.filter((one) => one.pathType === 'Exact').map((one) => one.path))
  const isRegex = patterns.length > 0
  const lines = sorted.flatMap((one) => {
    const { path = '/', service } = one
    const inside = pass(service)
    const written = (text: string, sign: string): string =>
      isRegex ? regex(text, inside) : `location ${sign}${text} { ${inside} }`
    if (patterns.includes(one)) return [written(path, '')]
    if (one.pathType === 'Exact') return [written(path, '= ')]
    if (path === '/') return [written(path, '')]
    const folder = written(folderOf(path), '')
    return exact.has(path) ? [folder] : [folder, written(path, '= ')]
  })
  const hasRoot = sorted.some(({ path, pathType }) => path === '/' && pathType !== 'Exact')
  if (!hasRoot) lines.push(isRegex ? regex('/', pass('nowhere')) : NOWHERE)
  return server(place, host, ...lines)
}

const ALL = Array.from({ length: HOSTS }, (_, index) => randomHost(index))

export const randomPaths: ParityCase = {
  name: 'random paths, types and requests',
  source:
    'internal/ingress/controller/controller.go (sorting, updateServerLocations); template.go buildLocation',
  services: Object.fromEntries(SERVICES.map((name) => [name, ['ok']])),
  manifests: () =>
    ALL.flatMap(({ host, literal, patterns }) => [
      ingress({ name: host, rules: [{ host, paths: literal }] }),
      ...(patterns.length === 0
        ? []
        : [
            ingress({
              name: `${host}-regex`,
              annotations: { 'use-regex': 'true' },
              rules: [{ host, paths: patterns }],
            }),
          ]),
    ]),
  nginx: (place) => ALL.map((one) => locations(place, one)).join('\n'),
  checks: ALL.map((one) => {
    const { host, literal, patterns, targets } = one
    const paths = [...literal, ...patterns].map(({ path, pathType, service }) => {
      return `${pathType ?? ''} ${path ?? ''} ${service}`
    })
    return scene(`${host}: ${paths.join(', ')}`, AS_NGINX, async (side) => {
      const outcomes: string[] = []
      for (const target of targets) {
        const { response, seen } = await side.send({ host, target })
        const location = response.values('location').join()
        outcomes.push(
          `${target} ${String(response.status)} ${location}${seen.map(({ service }) => service).join()}`,
        )
      }
      return outcomes.join('\n')
    })
  }),
}
