import type { BackendId, TemplatePart } from '@postern/routing-table'
import { backendId, type BackendAddress, type Reach } from './endpoints.ts'
import type { LookUp } from './look-up.ts'
import type { PlanVerdict } from './plan-verdict.ts'
import { serviceOfUrl } from './service-of-url.ts'

/** A Service that an annotation names by a URL, as a cluster's DNS would have it. */
export interface NamedService {
  readonly address: BackendAddress
  /** Absent: nothing here says where it lives, so its name is looked up. */
  readonly backend?: BackendId
  readonly problem?: Reach['problem']
}

/** Undefined where the URL names no Service, or one that nobody has told of. */
export function namedService(url: readonly TemplatePart[], look: LookUp): NamedService | undefined {
  const address = serviceOfUrl(url)
  const found = address && look.reach(address)
  if (address === undefined || found === undefined) return undefined
  const { source, problem } = found
  return { address, ...(source !== 'none' && { backend: backendId(address) }), ...(problem && { problem }) }
}

/** Says at `key` why the Service cannot be reached; `then` is what comes of it. */
export function noteNamedService(
  { problem, backend, address }: NamedService,
  key: string,
  then: string,
  verdict: PlanVerdict,
): void {
  if (problem === undefined) return
  const outcome =
    backend === undefined ? 'so its name is left to the DNS, and only a cluster’s knows it' : then
  const message = problem.message
    .replace('so this answers 503', outcome)
    .replace(/^none of its/, `Service ${address.namespace}/${address.service}: none of its`)
  verdict.add(key, { ...problem, severity: 'warning', message })
}
