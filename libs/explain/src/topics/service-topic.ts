import type { Service, ServicePort } from '@postern/control-plane'
import { nameOf, placeOf } from '../explanation.ts'
import { matchWorkloads, selected, selectorOf, type World } from '../world/read-world.ts'
import { asList, asObject, type Workload } from '../world/workload.ts'
import { missingService } from './missing-service.ts'
import { splitName, type Topic, type TopicPart } from './topic.ts'

/** What a Service is: its ports down to the container, who is behind it, who can reach it, how one is picked. */
export function serviceTopic(asked: string, world: World): Topic {
  const { namespace, name } = splitName(asked)
  const service = world.objects.services.get(`${namespace}/${name}`)
  if (service === undefined) return missingService(namespace, name, world)
  const behind = selected(service, world.workloads)
  const { place } = placeOf(service.ref)
  return {
    title: `Service ${nameOf(service.ref)}${place === undefined ? '' : ` (${place})`}`,
    parts: [ports(service, behind), pods(service, world), reach(service), picking(service)],
    findings: [...portFindings(service, behind), ...labelFindings(service, world)],
  }
}

function ports(service: Service, behind: readonly Workload[]): TopicPart {
  const raw = asList(asObject(service.manifest.content['spec'])['ports'])
  const rows = service.ports.map((port) => {
    const { nodePort } =
      raw.find((one) => one['port'] === port.port && (one['name'] ?? port.name) === port.name) ?? {}
    const container = behind
      .map((workload) => containerPort(port, workload))
      .find((found) => found !== undefined)
    return [
      port.name ?? '-',
      String(port.port),
      String(port.targetPort),
      container ?? '(not declared)',
      typeof nodePort === 'number'
        ? String(nodePort)
        : service.type === 'NodePort' || service.type === 'LoadBalancer'
          ? '(by the cluster)'
          : '-',
      port.protocol,
    ]
  })
  const facts = [
    'port is what clients of the Service use, targetPort what the Pods listen on; containerPort only declares it, except that a named targetPort is looked up there',
  ]
  return {
    heading: 'Ports',
    table: [['name', 'port', 'targetPort', 'containerPort', 'nodePort', 'protocol'], ...rows],
    facts,
  }
}

function containerPort({ targetPort }: ServicePort, { containers }: Workload): string | undefined {
  for (const container of containers) {
    const found = container.ports.find((one) => one.name === targetPort || one.number === targetPort)
    if (found !== undefined) return `${String(found.number)} (${container.name})`
  }
  return undefined
}

function portFindings(service: Service, behind: readonly Workload[]): readonly string[] {
  const multi = service.ports.length > 1 ? service.ports.filter(({ name }) => name === undefined) : []
  return [
    ...multi.map(
      ({ port }) => `Port ${String(port)} has no name, which a Service with several ports needs: add name.`,
    ),
    ...service.ports.flatMap((port) =>
      behind.flatMap((workload) => {
        const declared = workload.containers.flatMap((one) => one.ports)
        if (declared.length === 0 || containerPort(port, workload) !== undefined) return []
        const list = declared.map((one) =>
          one.name === undefined ? String(one.number) : `${String(one.number)} (${one.name})`,
        )
        return [
          `targetPort ${String(port.targetPort)} is declared by no container of ${workload.ref.kind} ${workload.ref.name}, whose ports are ${list.join(', ')}: correct targetPort.`,
        ]
      }),
    ),
  ]
}

function labelFindings(service: Service, world: World): readonly string[] {
  const matches = matchWorkloads(service, world.workloads)
  if (selectorOf(service) === undefined || matches.some(({ missing }) => missing.length === 0)) return []
  return matches.slice(0, 3).map(({ workload, missing }) => {
    const { kind, name } = workload.ref
    return `${kind} ${name} is left out, because it lacks the label ${missing.join(', ')}: add it to its Pods, or take it out of the selector.`
  })
}

function pods(service: Service, world: World): TopicPart {
  const selector = selectorOf(service)
  if (selector === undefined) {
    const fact = 'it has no selector: its EndpointSlices are written by hand, or it stands for a name outside'
    return { heading: 'Pods behind it', facts: [fact] }
  }
  const rows = matchWorkloads(service, world.workloads).map(({ workload, missing }) => [
    `${workload.ref.kind} ${workload.ref.name}`,
    missing.length > 0 ? 'no' : workload.notReady === undefined ? 'yes' : 'no',
    missing.length > 0 ? `label ${missing.join(', ')} missing` : (workload.notReady ?? 'all labels fit'),
  ])
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
  return {
    heading: `Pods behind it (selector ${wanted.join(', ')})`,
    ...(rows.length > 0 && { table: [['made by', 'included', 'why'], ...rows] }),
    facts: [
      'a Pod is an endpoint while it carries all labels of the selector and is ready; kubectl get endpointslice ' +
        `-n ${service.namespace} -l kubernetes.io/service-name=${service.name} shows them (Endpoints are deprecated since 1.33)`,
    ],
  }
}

function reach({ type, clusterIp, namespace, name, externalName }: Service): TopicPart {
  if (type === 'ExternalName')
    return {
      heading: 'Reach',
      facts: [
        `ExternalName: the cluster's DNS answers with a CNAME to ${externalName ?? ''}; nothing is proxied`,
      ],
    }
  if (clusterIp === 'None')
    return {
      heading: 'Reach',
      facts: [
        'headless (clusterIP: None): DNS gives one address per ready Pod, and no virtual address; clients choose',
      ],
    }
  const everywhere = [`inside the cluster: ${name}.${namespace}.svc, at a virtual address (clusterIP)`]
  if (type !== 'ClusterIP') everywhere.push('on every node, at its nodePort')
  if (type === 'LoadBalancer')
    everywhere.push('from outside, at the address that the cloud (or minikube tunnel) gives it')
  return { heading: `Reach (${type})`, facts: everywhere }
}

function picking({ type, clusterIp, manifest }: Service): TopicPart {
  if (type === 'ExternalName' || clusterIp === 'None')
    return { heading: 'Picking', facts: ['by the client, from the DNS answer'] }
  const sticky = asObject(manifest.content['spec'])['sessionAffinity'] === 'ClientIP'
  return {
    heading: 'Picking',
    facts: [
      'the virtual address is nobody’s: kube-proxy’s rules on each node rewrite clusterIP:port to PodIP:targetPort, once per connection, so keep-alive stays with one Pod',
      'iptables and nftables mode pick at random, ipvs by a scheduler (round robin unless set); the userspace mode is gone since 1.26',
      ...(sticky ? ['sessionAffinity: ClientIP sends one address to one Pod for 3 hours'] : []),
      'an Ingress gateway goes to the Pods themselves, past the virtual address, unless service-upstream is set',
    ],
  }
}
