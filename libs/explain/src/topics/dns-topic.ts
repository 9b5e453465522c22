import type { Service } from '@postern/control-plane'
import { selected, type World } from '../world/read-world.ts'
import type { Topic } from './topic.ts'

const DOMAIN = 'cluster.local'
const NDOTS = 5

interface Query {
  readonly name: string
  readonly service: Service | undefined
}

/** The queries that a Pod's resolver makes for a name, in order, and the first that finds a Service. */
export function dnsTopic(asked: string, from: string, world: World): Topic {
  const search = [`${from}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN]
  const name = asked.replace(/\.$/, '')
  const dots = name.split('.').length - 1
  const inOrder = asked.endsWith('.')
    ? [name]
    : dots >= NDOTS
      ? [name, ...search.map((domain) => `${name}.${domain}`)]
      : [...search.map((domain) => `${name}.${domain}`), name]
  const queries: Query[] = inOrder.map((query) => ({ name: query, service: find(query, world) }))
  const hit = queries.findIndex(({ service }) => service !== undefined)
  const rows = queries.map(({ name: query, service }, index) => [
    String(index + 1),
    `${query}.`,
    hit >= 0 && index > hit
      ? 'not asked'
      : service === undefined
        ? noAnswer(query)
        : `Service ${service.namespace}/${service.name}`,
  ])
  const service = queries[hit]?.service
  return {
    title: `${asked}, asked by a Pod in namespace ${from}`,
    parts: [
      { heading: 'Queries, in order', table: [['', 'name', 'answer'], ...rows] },
      ...(service === undefined ? [] : [{ heading: 'Answer', facts: answer(service, world) }]),
      {
        heading: 'Good to know',
        facts: [
          `/etc/resolv.conf of the Pod: search ${search.join(' ')}, options ndots:${String(NDOTS)}; a name with fewer dots is tried with the search list first`,
          'Node: dns.lookup (which fetch and http use) follows the search list, dns.resolve does not and needs the full name',
        ],
      },
    ],
    findings: service === undefined ? [notFound(name, from, world)] : [],
    ...(service === undefined && { missing: true }),
  }
}

function noAnswer(query: string): string {
  return query.endsWith(`.${DOMAIN}`) ? 'NXDOMAIN' : 'the resolver outside the cluster'
}

function find(query: string, { objects }: World): Service | undefined {
  const [, name, namespace] =
    new RegExp(`^([^.]+)\\.([^.]+)\\.svc\\.${DOMAIN.replace('.', '\\.')}$`).exec(query) ?? []
  return objects.services.get(`${namespace ?? ''}/${name ?? ''}`)
}

function answer(service: Service, world: World): readonly string[] {
  const full = `${service.name}.${service.namespace}.svc.${DOMAIN}`
  const named = service.ports.filter(({ name }) => name !== undefined)
  const records = named.map(
    ({ name, protocol, port }) =>
      `SRV _${name ?? ''}._${protocol.toLowerCase()}.${full}: port ${String(port)}`,
  )
  if (service.type === 'ExternalName') return [`CNAME to ${service.externalName ?? ''}`]
  if (service.clusterIp !== 'None')
    return ['A/AAAA: one address, the virtual one of the Service (clusterIP)', ...records]
  const pods = selected(service, world.workloads)
  const many = pods.map(
    ({ ref, replicas }) =>
      `${ref.kind} ${ref.name}${replicas === undefined ? '' : ` (${String(replicas)} replicas)`}`,
  )
  return [
    `A/AAAA: one address per ready Pod, since it is headless${many.length === 0 ? '' : `: ${many.join(', ')}`}`,
    ...records,
  ]
}

function notFound(name: string, from: string, { objects }: World): string {
  const [first = ''] = name.split('.')
  const elsewhere = [...objects.services.values()].find((one) => one.name === first)
  if (elsewhere === undefined)
    return `No Service is called ${first} in these manifests: add it, or correct the name.`
  const where = `${elsewhere.name}.${elsewhere.namespace}`
  return elsewhere.namespace === from
    ? `Service ${first} is in namespace ${from} itself: ask for ${first}.`
    : `Service ${first} is in namespace ${elsewhere.namespace}, and a short name is only found in its own: ask for ${where}.`
}
