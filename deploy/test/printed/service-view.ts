// Services as `kubectl get` shows them.
import type { PlacedService } from '../cluster/placed-service.ts'

/** The object with what a cluster fills in, for a jsonpath such as `{.spec.clusterIP}`. */
function filledIn({ object, address }: PlacedService): unknown {
  const external = object.spec?.type === 'LoadBalancer' ? [{ ip: address }] : []
  return {
    ...object,
    spec: { ...object.spec, clusterIP: object.spec?.clusterIP ?? address },
    status: { loadBalancer: { ingress: external } },
  }
}

/** @param template as in `jsonpath={.spec.ports[1].nodePort}`; only such plain paths. */
export function byJsonPath(service: PlacedService, template: string): string {
  const [, path] = /^jsonpath=\{\.([\w.[\]]+)\}$/.exec(template) ?? []
  if (path === undefined) throw new TypeError(`-o ${template}: expected jsonpath={.a.b[0]}`)
  let value = filledIn(service)
  for (const key of path.replaceAll(/\[(\d+)\]/g, '.$1').split('.'))
    value = (value as Record<string, unknown> | undefined)?.[key]
  return String(value ?? '')
}

/** A line of `kubectl get services`. */
export function serviceLine({ object, address }: PlacedService): string {
  const { type = 'ClusterIP', clusterIP = address, ports = [] } = object.spec ?? {}
  const shown = ports.map(
    ({ port, nodePort }) => `${port}${nodePort === undefined ? '' : `:${nodePort}`}/TCP`,
  )
  return [
    object.metadata.name,
    type,
    clusterIP,
    type === 'LoadBalancer' ? '<pending>' : '<none>',
    shown.join(),
  ].join('  ')
}
