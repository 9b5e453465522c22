// `kubectl get pods|services|endpointslice`, in the columns that the READMEs speak of.
import { DNS_ADDRESS } from '../cluster/dns-names.ts'
import { isEndpoint } from '../cluster/placed-service.ts'
import type { World } from '../cluster/world.ts'
import { namespaceOf, selects } from '../kube-object.ts'
import type { CommandLine } from './command-line.ts'
import { byJsonPath, serviceLine } from './service-view.ts'
import type { Reply } from './stand-in.ts'
import { said, selectorOf, serviceNamed } from './targets.ts'

export function get(world: World, line: CommandLine): Reply {
  const [kind = '', name] = line.words
  if (kind === 'pods') return pods(world, line)
  if (kind === 'endpointslice') return endpoints(world, line)
  if (name === undefined) return services(world, line)
  // The cluster's own; it is not among what was applied.
  if (name === 'kube-dns') return said(`kube-dns  ClusterIP  ${DNS_ADDRESS}  <none>  53/UDP,53/TCP`)
  const service = serviceNamed(world, name, line)
  const template = line.flags['output']
  return said(template === undefined ? serviceLine(service) : byJsonPath(service, template))
}

function pods({ cluster }: World, { flags }: CommandLine): Reply {
  const wanted = selectorOf(flags['selector'])
  const namespace = flags['namespace'] ?? 'default'
  const found = cluster.pods.filter(
    ({ workload }) =>
      workload.namespace === namespace &&
      (Object.keys(wanted).length === 0 || selects(wanted, workload.labels)),
  )
  if (found.length === 0) return said(`No resources found in ${namespace} namespace.`)
  const lines = found.map(({ name, ready, workload: { containers } }) => {
    const all = containers.length
    return `${name}  ${ready ? all : 0}/${all}  Running`
  })
  return said(lines.join('\n'))
}

function endpoints(world: World, line: CommandLine): Reply {
  const name = selectorOf(line.flags['selector'])['kubernetes.io/service-name'] ?? ''
  const service = serviceNamed(world, name, line)
  const found = world.cluster.pods.filter((pod) => isEndpoint(service, pod))
  return said(found.length === 0 ? '<unset>' : found.map(({ address }) => address).join())
}

function services({ cluster }: World, { flags }: CommandLine): Reply {
  const namespace = flags['namespace'] ?? 'default'
  const own = cluster.services.filter(({ object }) => namespaceOf(object) === namespace)
  return said(own.map(serviceLine).join('\n'))
}
