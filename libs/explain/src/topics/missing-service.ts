import { didYouMean } from '@postern/control-plane'
import type { World } from '../world/read-world.ts'
import type { Topic } from './topic.ts'

/** The answer about a Service that is not there. */
export function missingService(namespace: string, name: string, { objects }: World): Topic {
  const services = [...objects.services.values()]
  const twin = services.find((one) => one.name === name)
  const names = services.filter((one) => one.namespace === namespace).map((one) => one.name)
  const near = didYouMean(name, names)
  const fix =
    twin !== undefined
      ? `it is in namespace ${twin.namespace}: ask for ${twin.namespace}/${name}`
      : near !== undefined
        ? `did you mean ${near}?`
        : names.length === 0
          ? `there are no Services in ${namespace}`
          : `there are ${names.join(', ')}`
  return {
    title: `Service ${namespace}/${name}`,
    missing: true,
    parts: [],
    findings: [
      `There is no Service ${namespace}/${name} among these manifests: ${fix}${fix.endsWith('?') ? '' : '.'}`,
    ],
  }
}
