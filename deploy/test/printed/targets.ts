// What a command line names, found in the cluster of a test.
import type { PlacedService } from '../cluster/placed-service.ts'
import type { RunningPod } from '../cluster/running-pod.ts'
import type { World } from '../cluster/world.ts'
import { namespaceOf } from '../kube-object.ts'
import type { CommandLine } from './command-line.ts'
import type { Reply } from './stand-in.ts'

/** A verb of kubectl or minikube; `words` are those after it. */
export type Verb = (line: CommandLine) => Promise<Reply> | Reply

export const said = (stdout: string, code = 0): Reply => ({
  code,
  stdout: stdout === '' ? '' : `${stdout}\n`,
})

/** `deployment/users-deployment`, `deploy/…` or a Pod's own name. */
export const nameOf = (what = ''): string => what.replace(/^(deploy|deployment|pod)\//, '')

export const podNamed = ({ cluster }: World, what = ''): RunningPod => cluster.podOf(nameOf(what))

/** podman's name for the container that `-c` says, or for the first one. */
export function containerNamed(pod: RunningPod, container?: string): string {
  return `${pod.name}-${container ?? pod.workload.containers[0]?.name}`
}

/** In the namespace of the command line. @throws Error when it is not there. */
export function serviceNamed({ cluster }: World, name: string, { flags }: CommandLine): PlacedService {
  const namespace = flags['namespace'] ?? 'default'
  const found = cluster.services.find(
    ({ object }) => object.metadata.name === name && namespaceOf(object) === namespace,
  )
  if (found === undefined) throw new Error(`services "${name}" not found`)
  return found
}

/** `a=b,c=d` as a selector. */
export function selectorOf(text = ''): Readonly<Record<string, string>> {
  const pairs = text.split(',').filter((pair) => pair !== '')
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]))
}
