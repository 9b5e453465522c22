import type { BackendId } from '@postern/routing-table'
import { PREFIX } from '../annotations/features.ts'
import { note, type Joining } from './joining.ts'
import type { Destination, Location } from './model.ts'
import type { IngressPlan } from './plan-ingress.ts'

/** Who stands in when the main backend cannot, or may not, answer. */
export interface EmergencyBackends {
  /** Answers while the main backend has no ready endpoint. */
  readonly standIn?: BackendId
  readonly of: (destination: Destination) => Pick<Location, 'whenEmpty' | 'intercept'>
}

/**
 * `default-backend` answers while the main one has no ready endpoint, and for the statuses of `custom-http-errors`; without
 * it those go to the global default backend. A Service without endpoints is as good as none.
 */
export function emergencyBackends(plan: IngressPlan, joining: Joining): EmergencyBackends {
  const { defaultBackend, statuses } = plan.settings.errorPages
  const own = defaultBackend && ownBackend(defaultBackend.name, plan, joining)
  const global = joining.globalDefault.kind === 'backend' ? joining.globalDefault.id : undefined
  const intercept = statuses.length === 0 ? undefined : (own ?? global)
  if (statuses.length > 0 && intercept === undefined) {
    note(joining, plan.ingress, ['metadata', 'annotations', `${PREFIX}custom-http-errors`], {
      severity: 'warning',
      code: 'no-error-backend',
      message: 'there is no backend for error pages, so the upstream’s own go to the client',
      fix: 'set default-backend, or start with --default-backend-service',
    })
  }
  return {
    ...(own !== undefined && { standIn: own }),
    of: (destination) => ({
      ...(own !== undefined &&
        destination.kind === 'backend' &&
        destination.id !== own && { whenEmpty: own }),
      ...(intercept !== undefined && { intercept }),
    }),
  }
}

function ownBackend(service: string, plan: IngressPlan, joining: Joining): BackendId | undefined {
  const { namespace } = plan.ingress
  const found = joining.backends.serviceOf({ namespace, service, port: '' })
  const mapping = joining.settings.serviceMappings.find(
    (m) => m.namespace === namespace && m.service === service,
  )
  const port = found?.ports[0]?.port ?? mapping?.port ?? mapping?.targetPort
  const { id, reach } = port === undefined ? NOTHING : joining.backends.refer({ namespace, service, port })
  if (id !== undefined && reach?.problem === undefined) return id
  note(joining, plan.ingress, ['metadata', 'annotations', `${PREFIX}default-backend`], {
    code: reach?.problem?.code ?? 'service-missing',
    message: `Service ${namespace}/${service} cannot stand in: ${reach?.problem?.message ?? 'it is not among the manifests, or has no port'}`,
    fix: reach?.problem?.fix ?? 'add the Service',
  })
  return undefined
}

const NOTHING = { id: undefined, reach: undefined }
