import type { ManifestObject } from '@postern/testing'
import type { Random } from '../served/random.ts'

/** One single edit of somebody's manifests. */
export interface Mutation {
  readonly what: string
  readonly objects: readonly ManifestObject[]
}

type Json = Record<string, unknown>
type Edit = (ingress: Json, random: Random) => string | undefined

interface PathJson {
  path: string
  pathType: string
  backend: { service: { name: string; port: Json } }
}

const PREFIX = 'nginx.ingress.kubernetes.io/'
const SETTINGS: readonly (readonly [string, readonly string[]])[] = [
  ['use-regex', ['true', 'false']],
  ['rewrite-target', ['/', '/$1', '/new', '/$2']],
  ['enable-cors', ['true', 'false']],
  ['proxy-body-size', ['10', '30', '1m']],
  ['app-root', ['/web', '/api']],
  ['upstream-vhost', ['inner.example', 'other.example']],
  ['force-ssl-redirect', ['true', 'false']],
  ['permanent-redirect', ['https://new.example/', 'https://newer.example/']],
  ['whitelist-source-range', ['127.0.0.1', '10.0.0.0/8']],
  ['denylist-source-range', ['127.0.0.0/8']],
  ['server-alias', ['alias.example', 'b.example']],
]

const EDITS: readonly Edit[] = [
  editPath((path, random) => [
    'path',
    (path.path = random.pick(['/', '/api', '/api/users', '/web', '/x', '/cart/', '/login'])),
  ]),
  editPath((path, random) => [
    'type',
    (path.pathType = random.pick(['Exact', 'Prefix', 'ImplementationSpecific'])),
  ]),
  editPath((path, random) => [
    'service',
    (path.backend.service.name = random.pick(['web', 'api', 'users', 'tasks', 'gone'])),
  ]),
  editPath((path) => [
    'slash',
    (path.path = path.path.endsWith('/') ? path.path.slice(0, -1) || '/' : `${path.path}/`),
  ]),
  setAnnotation,
  setAnnotation,
  dropAnnotation,
  (ingress, random) => {
    const rules = rulesOf(ingress)
    if (rules.length === 0) return undefined
    random.pick(rules)['host'] = random.pick(['a.example', 'b.example', 'api.example', '*.example'])
    return 'host'
  },
  (ingress, random) => {
    const rules = rulesOf(ingress)
    if (rules.length === 0) return undefined
    const { paths } = random.pick(rules)['http'] as { paths: PathJson[] }
    if (paths.length < 2) return undefined
    paths.splice(random.below(paths.length), 1)
    return 'path gone'
  },
  // What says nothing about routing.
  (ingress) => {
    ;(ingress['metadata'] as Json)['labels'] = { team: 'shop' }
    return 'label'
  },
  (ingress) => {
    annotationsOf(ingress)['example.com/owner'] = 'shop'
    return 'foreign annotation'
  },
  (ingress) => {
    const annotations = annotationsOf(ingress)
    ;(ingress['metadata'] as Json)['annotations'] = Object.fromEntries(Object.entries(annotations).reverse())
    return 'order of annotations'
  },
]

/** Edits one Ingress; undefined when the edit that was drawn changes nothing in the text. */
export function mutate(objects: readonly ManifestObject[], random: Random): Mutation | undefined {
  const copy = structuredClone(objects) as Json[]
  const ingresses = copy.filter(({ kind }) => kind === 'Ingress')
  const what = random.pick(EDITS)(random.pick(ingresses), random)
  if (what === undefined || JSON.stringify(copy) === JSON.stringify(objects)) return undefined
  return { what, objects: copy }
}

function rulesOf(ingress: Json): Json[] {
  return ((ingress['spec'] as Json)['rules'] as Json[] | undefined) ?? []
}

function annotationsOf(ingress: Json): Json {
  return (ingress['metadata'] as Json)['annotations'] as Json
}

function editPath(edit: (path: PathJson, random: Random) => readonly [string, unknown]): Edit {
  return (ingress, random) => {
    const paths = rulesOf(ingress).flatMap((rule) => (rule['http'] as { paths: PathJson[] }).paths)
    return paths.length === 0 ? undefined : edit(random.pick(paths), random)[0]
  }
}

function setAnnotation(ingress: Json, random: Random): string {
  const [key, values] = random.pick(SETTINGS)
  annotationsOf(ingress)[PREFIX + key] = random.pick(values)
  return key
}

function dropAnnotation(ingress: Json, random: Random): string | undefined {
  const annotations = annotationsOf(ingress)
  const keys = Object.keys(annotations)
  if (keys.length === 0) return undefined
  const key = random.pick(keys)
  ;(ingress['metadata'] as Json)['annotations'] = Object.fromEntries(
    Object.entries(annotations).filter(([name]) => name !== key),
  )
  return `without ${key.slice(PREFIX.length)}`
}
