import type { FieldPath, Manifest } from '@postern/control-plane'
import type { ObjectRef } from '@postern/routing-table'

/** What makes Pods, or a Pod itself, as far as Services and images go. */
export interface Workload {
  readonly ref: ObjectRef
  readonly manifest: Manifest
  /** Labels that its Pods carry. */
  readonly labels: Readonly<Record<string, string>>
  /** Where those labels stand. */
  readonly labelsAt: FieldPath
  readonly containers: readonly Container[]
  /** A single Pod that says it is not ready (`status.conditions`). */
  readonly notReady?: string
  readonly replicas?: number
}

export interface Container {
  readonly name: string
  readonly image: string | undefined
  readonly at: FieldPath
  readonly ports: readonly ContainerPort[]
  readonly env: readonly { readonly name: string; readonly at: FieldPath }[]
}

export interface ContainerPort {
  readonly name?: string
  readonly number: number
}

type Json = Readonly<Record<string, unknown>>

const TEMPLATES: Readonly<Record<string, FieldPath>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
}

/** Undefined for kinds that make no Pods that a Service could find. */
export function readWorkload(manifest: Manifest): Workload | undefined {
  const { kind } = manifest.content
  const at = typeof kind === 'string' && Object.hasOwn(TEMPLATES, kind) ? TEMPLATES[kind] : undefined
  if (at === undefined) return undefined
  const template = at.reduce<Json>((object, key) => asObject(object[key]), manifest.content)
  const spec = asObject(template['spec'])
  const containers = asList(spec['containers']).map((container, index) =>
    readContainer(container, [...at, 'spec', 'containers', index]),
  )
  const notReady = kind === 'Pod' ? whyNotReady(asObject(manifest.content['status'])) : undefined
  const { replicas } = asObject(manifest.content['spec'])
  return {
    ref: refOf(manifest),
    manifest,
    labels: asTexts(asObject(template['metadata'])['labels']),
    labelsAt: [...at, 'metadata', 'labels'],
    containers,
    ...(notReady !== undefined && { notReady }),
    ...(typeof replicas === 'number' && { replicas }),
  }
}

function readContainer(container: Json, at: FieldPath): Container {
  const ports = asList(container['ports']).flatMap(({ name, containerPort }) =>
    typeof containerPort === 'number'
      ? [{ number: containerPort, ...(typeof name === 'string' && { name }) }]
      : [],
  )
  const env = asList(container['env']).flatMap(({ name }, index) =>
    typeof name === 'string' ? [{ name, at: [...at, 'env', index] }] : [],
  )
  const { name, image } = container
  return {
    name: typeof name === 'string' ? name : '',
    image: typeof image === 'string' ? image : undefined,
    ...{ at, ports, env },
  }
}

function whyNotReady(status: Json): string | undefined {
  const ready = asList(status['conditions']).find(({ type }) => type === 'Ready')
  return ready !== undefined && ready['status'] !== 'True' ? 'not ready' : undefined
}

export function refOf({ content, file, at }: Manifest): ObjectRef {
  const metadata = asObject(content['metadata'])
  const { name, namespace } = metadata
  return {
    kind: String(content['kind']),
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default',
    name: typeof name === 'string' ? name : '(without name)',
    ...(file !== undefined && { file }),
    ...at?.([]),
  }
}

export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(asObject) : []
}

export function asTexts(value: unknown): Readonly<Record<string, string>> {
  const pairs = Object.entries(asObject(value)).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  )
  return Object.fromEntries(pairs)
}
