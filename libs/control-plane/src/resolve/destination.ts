import type { BackendId } from '@postern/routing-table'
import { didYouMean } from '../did-you-mean.ts'
import type { IngressBackend } from '../parse/ingress.ts'
import { backendId, type BackendAddress, type Reach } from './endpoints.ts'
import type { BackendUse } from './backends.ts'
import { note, placeOf, type Joining } from './joining.ts'
import type { Destination } from './model.ts'
import type { IngressPlan } from './plan-ingress.ts'

/** Where an Ingress's backend leads; undefined for a `resource`, which ingress-nginx serves by its default backend. */
export function destinationOf(
  backend: IngressBackend,
  plan: IngressPlan,
  joining: Joining,
  standIn?: BackendId,
): Destination | undefined {
  const { ingress } = plan
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
  const { id, use, problem } = refer(address, backend, plan, joining)
  if (problem) {
    const { code } = problem
    const message =
      standIn === undefined
        ? problem.message
        : problem.message.replace('so this answers 503', `so ${standIn} answers`)
    const near = code === 'service-missing' ? nearService(address, joining) : undefined
    const fix = near === undefined ? problem.fix : `did you mean ${near}?`
    const severity = code === 'no-ready-endpoints' || standIn !== undefined ? 'warning' : 'error'
    note(joining, ingress, [...backend.field, 'service'], {
      severity,
      code,
      message,
      ...(fix !== undefined && { fix }),
    })
  }
  claimUse(use, plan, id, joining)
  return { kind: 'backend', id }
}

function nearService({ namespace, service }: BackendAddress, { objects }: Joining): string | undefined {
  const neighbours = [...objects.services.values()].filter((known) => known.namespace === namespace)
  return didYouMean(
    service,
    neighbours.map((known) => known.name),
  )
}

interface Referred {
  readonly id: BackendId
  readonly use: BackendUse
  readonly problem?: Reach['problem']
}

function refer(
  address: BackendAddress,
  backend: IngressBackend,
  plan: IngressPlan,
  joining: Joining,
): Referred {
  const { backends } = joining
  if (plan.settings.loadBalance.viaService) {
    const own = serviceAddress(address, joining)
    if (own !== undefined) return backends.referTo(`${backendId(address)}/service` as BackendId, own, address)
    note(joining, plan.ingress, [...backend.field, 'service'], {
      severity: 'info',
      code: 'service-upstream-without-address',
      message: `Service ${address.namespace}/${address.service} has no clusterIP here, so its endpoints are used in spite of service-upstream`,
    })
  }
  const { id, use, reach } = backends.refer(address)
  return { id, use, problem: reach.problem }
}

function serviceAddress(address: BackendAddress, { backends }: Joining): Reach | undefined {
  const service = backends.serviceOf(address)
  const port = service?.ports.find((p) => String(p.port) === String(address.port) || p.name === address.port)
  if (service?.clusterIp === undefined || service.clusterIp === 'None' || port === undefined) return undefined
  return { endpoints: [{ address: service.clusterIp, port: port.port }], source: 'cluster-ip', excluded: [] }
}

/** A Service has one way of balancing and one cookie, whoever refers to it: the first Ingress that says something decides. */
function claimUse(use: BackendUse, plan: IngressPlan, id: BackendId, joining: Joining): void {
  const { loadBalance, affinity } = plan.settings
  if (loadBalance.balance) claim(use, 'balance', loadBalance.balance, plan, id, joining)
  if (affinity.cookie && !loadBalance.viaService) claim(use, 'affinity', affinity.cookie, plan, id, joining)
}

function claim<K extends 'balance' | 'affinity'>(
  use: BackendUse,
  what: K,
  wanted: NonNullable<BackendUse[K]>,
  plan: IngressPlan,
  id: BackendId,
  joining: Joining,
): void {
  const owner = use.owners?.[what]
  if (owner === undefined) {
    use[what] = wanted
    use.owners = { ...use.owners, [what]: plan.ingress }
  } else if (owner !== plan.ingress && JSON.stringify(use[what]) !== JSON.stringify(wanted)) {
    note(joining, plan.ingress, ['metadata', 'annotations'], {
      severity: 'warning',
      code: `${what}-conflict`,
      message: `the ${what === 'balance' ? 'load balancing' : 'session affinity'} of ${id} is chosen by ${placeOf(owner)}, which is older; this one is not in force`,
      fix: 'say the same in both',
    })
  }
}
