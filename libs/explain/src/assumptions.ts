import type { Rehearsal } from '@postern/data-plane'
import type { ExternalAuth } from '@postern/routing-table'
import type { ExplainRequest } from './request.ts'
import { text } from './stages/describe-filter.ts'

/** What nobody can know without asking the running system, and what happens when it is otherwise. */
export function assumptionsOf(
  { route, sent, stoppedBy, answer }: Rehearsal,
  request: ExplainRequest,
): readonly string[] {
  // The gateway's own requests are those to an auth service and copies to a mirror.
  const mirrors = route.filters.filter(({ kind }) => kind === 'mirror').length
  const wasAsked = sent.filter(({ kind }) => kind === 'own').length > mirrors
  return route.filters.flatMap((filter): readonly string[] => {
    if (filter.kind === 'https-redirect' && stoppedBy === filter.kind) return redirectPort(answer, request)
    if (filter.kind === 'access' && filter.external !== undefined && wasAsked)
      return [externalAuth(filter.external)]
    if (filter.kind === 'rate-limit' && stoppedBy === undefined)
      return [`the client has not used up its limits; beyond them it is answered ${String(filter.status)}`]
    return []
  })
}

/** Whoever asks by a port of a laptop is likely to have HTTPS on another one, too. */
function redirectPort({ headers }: Rehearsal['answer'], { port }: ExplainRequest): readonly string[] {
  const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? ''
  const isStandard = port === 80 || port === 443 || /^https:\/\/[^/]*:\d+(?:\/|$)/.test(location)
  return isStandard ? [] : ['HTTPS is published at port 443; with another, add --redirect-port N']
}

function externalAuth({ url, backend, signinUrl }: ExternalAuth): string {
  const refused =
    signinUrl === undefined
      ? '401 and 403 are passed on'
      : '401 becomes a redirect to the sign-in page, 403 is passed on'
  const where = text(url)
  const inCluster = backend === undefined && /^https?:\/\/[^/:$]+\.svc(?:\.[^/:$]+)?(?=[/:]|$)/.test(where)
  const known = inCluster
    ? ' is found, which takes the DNS of a cluster (elsewhere it has no address and this answers 500), and'
    : ''
  const who = backend === undefined ? where : `${where} (backend ${backend})`
  return `the auth service ${who}${known} lets the request pass (2xx); ${refused}, and anything else becomes 500`
}
