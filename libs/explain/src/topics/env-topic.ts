import type { Service } from '@postern/control-plane'
import { nameOf, placeOf } from '../explanation.ts'
import type { World } from '../world/read-world.ts'
import { missingService } from './missing-service.ts'
import { splitName, type Topic } from './topic.ts'

type Variable = readonly [name: string, value: string]

/** The variables that the kubelet sets for a Service in every container of its namespace, and who else claims them. */
export function envTopic(asked: string, world: World): Topic {
  const { namespace, name } = splitName(asked)
  const service = world.objects.services.get(`${namespace}/${name}`)
  if (service === undefined) return missingService(namespace, name, world)
  const variables = variablesOf(service)
  const why =
    service.type === 'ExternalName'
      ? 'an ExternalName Service gets no variables: it has no address'
      : 'a headless Service gets no variables: it has no address'
  return {
    title: `Variables of Service ${nameOf(service.ref)}`,
    parts: [
      variables.length === 0
        ? { heading: 'None', facts: [why] }
        : { heading: 'In every container of the namespace', table: [['name', 'value'], ...variables] },
      {
        heading: 'Good to know',
        facts: [
          'set once, when the container starts: a Service that is made after the Pod is missing until the Pod is made anew; DNS has no such order',
          'only Services of the Pod’s own namespace, and none with enableServiceLinks: false (but for KUBERNETES_*)',
          'a variable that the Pod’s own env sets wins',
        ],
      },
    ],
    findings: [...collisions(service, variables, world), ...shadowed(service, variables, world)],
  }
}

/** As pkg/kubelet/envvars writes them: the Service's own, then those that Docker links had. */
export function variablesOf(service: Service): readonly Variable[] {
  const [first] = service.ports
  if (service.type === 'ExternalName' || service.clusterIp === 'None' || first === undefined) return []
  const prefix = envName(service.name)
  const ip = service.clusterIp ?? '<clusterIP>'
  const named = service.ports.flatMap(({ name, port }): Variable[] =>
    name === undefined ? [] : [[`${prefix}_SERVICE_PORT_${envName(name)}`, String(port)]],
  )
  const links = service.ports.flatMap(({ port, protocol }, index): Variable[] => {
    const kind = protocol.toUpperCase()
    const url = `${protocol.toLowerCase()}://${ip}:${String(port)}`
    const link = `${prefix}_PORT_${String(port)}_${kind}`
    return [
      ...(index === 0 ? [[`${prefix}_PORT`, url] as const] : []),
      [link, url],
      [`${link}_PROTO`, protocol.toLowerCase()],
      [`${link}_PORT`, String(port)],
      [`${link}_ADDR`, ip],
    ]
  })
  return [[`${prefix}_SERVICE_HOST`, ip], [`${prefix}_SERVICE_PORT`, String(first.port)], ...named, ...links]
}

function envName(text: string): string {
  return text.replaceAll('-', '_').toUpperCase()
}

// `auth` sets AUTH_SERVICE_PORT=80, and `auth-service` sets the same name to tcp://…:80 as a link.
function collisions(service: Service, own: readonly Variable[], { objects }: World): readonly string[] {
  const names = new Set(own.map(([name]) => name))
  return [...objects.services.values()].flatMap((other) => {
    if (other === service || other.namespace !== service.namespace) return []
    return variablesOf(other).flatMap(([name]) =>
      names.has(name)
        ? [
            `${name} is also set by Service ${other.name}, and which of the two wins is chance: rename one, or use DNS.`,
          ]
        : [],
    )
  })
}

function shadowed(service: Service, own: readonly Variable[], { workloads }: World): readonly string[] {
  const names = new Set(own.map(([name]) => name))
  return workloads.flatMap(({ ref, manifest, containers }) => {
    if (ref.namespace !== service.namespace) return []
    return containers.flatMap(({ env }) =>
      env.flatMap(({ name, at }) => {
        if (!names.has(name)) return []
        const { place } = placeOf({ ...ref, ...manifest.at?.(at) })
        const where = place === undefined ? '' : ` (${place})`
        return [
          `${ref.kind} ${ref.name} sets ${name} by itself${where}, and that wins: take it out to use the Service's.`,
        ]
      }),
    )
  })
}
