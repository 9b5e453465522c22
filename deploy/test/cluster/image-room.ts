// What the manifests grant to an image: the least memory and the shortest startupProbe of all containers that run it.
import { DEFAULT_PREFIX, type Image } from '../../images/images.ts'
import { workloadsOf, type Container, type Probe } from '../kube-object.ts'
import { APPLICABLE, render } from '../render.ts'

export interface ImageRoom {
  readonly memoryMiB: number
  /** periodSeconds × failureThreshold. */
  readonly startupMs: number
}

export function roomOf(image: Image): ImageRoom {
  const names = new Set(image.tags.map((tag) => `${DEFAULT_PREFIX}${tag}`))
  const containers = APPLICABLE.flatMap((folder) => workloadsOf(render(folder)))
    .flatMap((workload) => workload.containers)
    .filter((container) => names.has(container.image))
  if (containers.length === 0) throw new Error(`no manifest runs ${[...names].join(' or ')}`)
  return {
    memoryMiB: Math.min(...containers.map(memoryMiB)),
    // The material's own Pod `monolith` has no probes.
    startupMs: Math.min(
      ...containers.flatMap(({ startupProbe }) => (startupProbe ? [startupMs(startupProbe)] : [])),
    ),
  }
}

function memoryMiB({ name, resources }: Container): number {
  const [, mib] = /^(\d+)Mi$/.exec(resources?.limits?.['memory'] ?? '') ?? []
  if (mib === undefined) throw new Error(`${name}: a limit of memory in Mi is expected`)
  return Number(mib)
}

function startupMs({ periodSeconds = 10, failureThreshold = 3 }: Probe): number {
  return periodSeconds * failureThreshold * 1000
}
