import type { Diagnostic } from '../diagnostic.ts'
import type { CompileSettings } from '../settings.ts'
import type { Backends } from './backends.ts'
import type { Destination } from './model.ts'

const NOT_FOUND: Destination = { kind: 'fixed', status: 404, reason: 'no rule matches this host and path' }

/**
 * `--default-backend-service`, by its first port. While that Service has no endpoints the built-in 404 answers, as in
 * ingress-nginx.
 */
export function globalDefault(
  settings: CompileSettings,
  backends: Backends,
  diagnostics: Diagnostic[],
): Destination {
  const wanted = settings.defaultBackendService
  if (wanted === undefined) return NOT_FOUND
  const service = backends.serviceOf({ namespace: wanted.namespace, service: wanted.name, port: '' })
  const mapping = settings.serviceMappings.find(
    (m) => m.namespace === wanted.namespace && m.service === wanted.name,
  )
  const port = service?.ports[0]?.port ?? mapping?.port ?? mapping?.targetPort
  if (port === undefined) {
    diagnostics.push({
      severity: 'error',
      code: 'default-backend-missing',
      message: `--default-backend-service: there is no Service ${wanted.namespace}/${wanted.name} with a port; the built-in 404 answers`,
      fix: 'add the Service to the manifests',
    })
    return NOT_FOUND
  }
  const { id, reach } = backends.refer({ namespace: wanted.namespace, service: wanted.name, port })
  if (reach.problem === undefined) return { kind: 'backend', id }
  diagnostics.push({
    severity: 'warning',
    code: reach.problem.code,
    message: `--default-backend-service: ${reach.problem.message.replace('so this answers 503', 'so the built-in 404 answers')}`,
    ...(reach.problem.fix !== undefined && { fix: reach.problem.fix }),
    ...(service && { object: service.ref }),
  })
  return NOT_FOUND
}
