import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

const PACKAGE = dirname(createRequire(import.meta.url).resolve('kubernetes-models/package.json'))
const MACHINERY = join(PACKAGE, '../@kubernetes-models/apimachinery')

/** What people write and what our own manifests use; every shape that they lead to comes along. */
export const KINDS = [
  ...[
    'ConfigMap',
    'Endpoints',
    'LimitRange',
    'Namespace',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
  ],
  ...['ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
]
  .map((kind) => `v1/${kind}`)
  .concat(['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map((kind) => `apps/v1/${kind}`))
  .concat(['HorizontalPodAutoscaler'].map((kind) => `autoscaling/v2/${kind}`))
  .concat(['CronJob', 'Job'].map((kind) => `batch/v1/${kind}`))
  .concat(['EndpointSlice'].map((kind) => `discovery.k8s.io/v1/${kind}`))
  .concat(['Ingress', 'IngressClass', 'NetworkPolicy'].map((kind) => `networking.k8s.io/v1/${kind}`))
  .concat(['PodDisruptionBudget'].map((kind) => `policy/v1/${kind}`))
  .concat(
    ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map(
      (kind) => `rbac.authorization.k8s.io/v1/${kind}`,
    ),
  )

/** One line per shape, sorted, in the form that src/check/schema/shape.ts reads. */
export function readShapes(): readonly string[] {
  const shapes = new Map<string, string>()
  const open = KINDS.map((kind) => join(PACKAGE, `${kind}.d.ts`))
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const name = nameOf(file)
    if (shapes.has(name)) continue
    const { line, needs } = readShape(file)
    shapes.set(name, line)
    open.push(...needs)
  }
  return [...shapes.values()].sort()
}

/** The release of Kubernetes that the shapes are of is not written in the package; its own version is. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }).version
}

function nameOf(file: string): string {
  const root = file.startsWith(MACHINERY) ? MACHINERY : PACKAGE
  return relative(root, file).replace(/\.d\.ts$/, '')
}

const FIELD = /^ {4}"([^"]+)"(\??): (\{[\s\S]*?\n {4}\}|Array<\{[\s\S]*?\n {4}\}>|[^;{]*);$/gm

// Listed as required, but the API server takes their absence for an empty value.
const MAY_BE_ABSENT = ['v1/HTTPHeader value', 'v1/LimitRangeSpec limits', 'v1/Sysctl value']

// The cluster writes these; nobody is helped by findings about them.
const WRITTEN_BY_THE_CLUSTER = ['status', 'managedFields']

function readShape(file: string): { readonly line: string; readonly needs: readonly string[] } {
  const text = readFileSync(file, 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '')
  const imports = new Map(
    [...text.matchAll(/^import \{ (\w+) \} from "([^"]+)";$/gm)].map(([, name = '', from = '']) => [
      name,
      pathOf(from, file),
    ]),
  )
  const body = /^export interface \w+[^{]*\{([\s\S]*?)^\}/m.exec(text)?.[1] ?? ''
  const needs: string[] = []
  const fields = [...body.matchAll(FIELD)].map(([, name = '', optional, type = '']) => {
    if (WRITTEN_BY_THE_CLUSTER.includes(name)) return `${name}:any`
    const { word, need } = typeWord(type, imports)
    if (need !== undefined) needs.push(need)
    const isRequired = optional === '' && !MAY_BE_ABSENT.includes(`${nameOf(file)} ${name}`)
    return `${name}${isRequired ? '!' : ''}:${word}`
  })
  return { line: [nameOf(file), ...fields].join(' '), needs }
}

function pathOf(from: string, file: string): string {
  const inMachinery = '@kubernetes-models/apimachinery/'
  if (from.startsWith(inMachinery)) return join(MACHINERY, `${from.slice(inMachinery.length)}.d.ts`)
  return join(dirname(file), from.replace(/\.js$/, '.d.ts'))
}

type Word = { readonly word: string; readonly need?: string }

function typeWord(type: string, imports: ReadonlyMap<string, string>): Word {
  const [, item] = /^Array<([\s\S]*)>$/.exec(type) ?? []
  if (item !== undefined) return prefixed('[]', typeWord(item, imports))
  const [, value] = /^\{\s*\[key: string\]: ([\s\S]*?);\s*\}$/.exec(type) ?? []
  if (value !== undefined) return prefixed('{}', typeWord(value, imports))
  if (/^"[^"]*"(?: \| "[^"]*")*$/.test(type))
    return { word: `=${type.replaceAll(' | ', '|').replaceAll('"', '')}` }
  if (['string', 'number', 'boolean'].includes(type)) return { word: type }
  const file = imports.get(type)
  if (file === undefined) return { word: 'any' }
  const text = readFileSync(file, 'utf8')
  if (/^export interface /m.test(text)) return { word: nameOf(file), need: file }
  const [, alias = ''] = /^export (?:declare )?type \w+ = (.*);$/m.exec(text) ?? []
  const isScalar = /^(?:string|number|string \| number|number \| string)$/.test(alias)
  return { word: !isScalar ? 'any' : alias.includes('|') ? 'scalar' : alias }
}

function prefixed(prefix: string, { word, ...rest }: Word): Word {
  return { word: prefix + word, ...rest }
}
