import type { Reply } from '@postern/exchange'
import type { AccessFilter } from '@postern/routing-table'
import type { FilterServices, PreparedFilter, RequestFilter } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { basicAuth } from './basic-auth.ts'
import { externalAuth } from './external-auth.ts'
import { ipAccess } from './ip-access.ts'
import { jwtAuth } from './jwt-auth.ts'

/** Every check that decides whether a client may pass: addresses, then passwords, then a subrequest, then a token. */
export function access(filter: AccessFilter, services: FilterServices): PreparedFilter {
  const checks: RequestFilter[] = []
  if (filter.ip !== undefined) checks.push(ipAccess(filter.ip))
  if (filter.basic !== undefined) checks.push(basicAuth(filter.basic, services))
  const external = filter.external === undefined ? undefined : externalAuth(filter.external, services)
  if (external?.request !== undefined) checks.push(external.request)
  if (filter.jwt !== undefined) checks.push(jwtAuth(filter.jwt, services))
  return {
    request:
      filter.satisfy === 'any' ? (journey) => anyOf(checks, journey) : (journey) => allOf(checks, journey),
    ...(external?.response !== undefined && { response: external.response }),
  }
}

async function allOf(checks: readonly RequestFilter[], journey: Journey): Promise<Reply | undefined> {
  for (const check of checks) {
    const refusal = await check(journey)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

// nginx's `satisfy any`: a 401 among the refusals wins over a 403, since it tells the client how to get in.
async function anyOf(checks: readonly RequestFilter[], journey: Journey): Promise<Reply | undefined> {
  let refusal: Reply | undefined
  for (const check of checks) {
    const outcome = await check(journey)
    if (outcome === undefined) return undefined
    if (outcome.status !== 401 && outcome.status !== 403) return outcome
    if (refusal?.status !== 401) refusal = outcome
  }
  return refusal
}
