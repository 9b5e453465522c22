import { noteAt, type Diagnostic, type Service } from '@postern/control-plane'
import { selected } from '../../world/read-world.ts'
import type { Workload } from '../../world/workload.ts'
import type { Rule } from '../rule.ts'

/** Ports of a Service that have no name, share one, or lead to a port that no container declares. */
export const servicePorts: Rule = ({ world }) =>
  [...world.objects.services.values()].flatMap((service) => {
    const behind = selected(service, world.workloads)
    return [...unnamed(service), ...twice(service), ...mismatched(service, behind)]
  })

function unnamed(service: Service): readonly Diagnostic[] {
  if (service.ports.length < 2) return []
  return service.ports.flatMap(({ name, port, field }) => {
    if (name !== undefined) return []
    const message = `port ${String(port)} has no name, which the API server asks for when there are several`
    return [
      noteAt(service.manifest, service.ref, field, { code: 'port-without-name', message, fix: 'add a name' }),
    ]
  })
}

function twice(service: Service): readonly Diagnostic[] {
  return service.ports.flatMap(({ name, field }, index) => {
    const first = service.ports.findIndex((one) => one.name === name)
    if (name === undefined || first === index) return []
    const message = `two ports of this Service are called ${name}`
    return [
      noteAt(service.manifest, service.ref, [...field, 'name'], {
        code: 'port-name-twice',
        message,
        fix: 'give each its own name',
      }),
    ]
  })
}

function mismatched(service: Service, behind: readonly Workload[]): readonly Diagnostic[] {
  const declared = behind.flatMap(({ containers }) => containers.flatMap(({ ports }) => ports))
  // containerPort is only a declaration: without any there is nothing to compare with, but for names.
  return service.ports.flatMap(({ targetPort, field }) => {
    const known = declared.some(({ name, number }) => name === targetPort || number === targetPort)
    if (known || behind.length === 0 || (declared.length === 0 && typeof targetPort === 'number')) return []
    const list = declared.map(({ name, number }) =>
      name === undefined ? String(number) : `${String(number)} (${name})`,
    )
    const who = behind.map(({ ref }) => `${ref.kind} ${ref.name}`).join(', ')
    const message = `targetPort ${String(targetPort)} is declared by no container of ${who}`
    const fix =
      list.length === 0
        ? 'declare the port in the container'
        : `its ports are ${[...new Set(list)].join(', ')}`
    return [
      noteAt(service.manifest, service.ref, [...field, 'targetPort'], {
        code: 'target-port-mismatch',
        message,
        fix,
      }),
    ]
  })
}
