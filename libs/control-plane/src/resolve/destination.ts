import type { Ingress, IngressBackend } from '../parse/ingress.ts'
import type { BackendAddress } from './endpoints.ts'
import { note, type Joining } from './joining.ts'
import type { Destination } from './model.ts'

/** Where an Ingress's backend leads; undefined for a `resource`, which ingress-nginx serves by its default backend. */
export function destinationOf(
  backend: IngressBackend,
  ingress: Ingress,
  joining: Joining,
): Destination | undefined {
  if (backend.kind === 'resource') {
    note(joining, ingress, backend.field, {
      code: 'backend-resource',
      message: `a resource (${backend.what}) cannot be served; the default backend answers`,
      fix: 'name a service',
    })
    return undefined
  }
  const address: BackendAddress = {
    namespace: ingress.namespace,
    service: backend.service,
    port: backend.port,
  }
  const { id, reach } = joining.backends.refer(address)
  if (reach.problem) {
    const { code, message, fix } = reach.problem
    const severity = code === 'no-ready-endpoints' ? 'warning' : 'error'
    note(joining, ingress, [...backend.field, 'service'], {
      severity,
      code,
      message,
      ...(fix !== undefined && { fix }),
    })
  }
  return { kind: 'backend', id }
}
