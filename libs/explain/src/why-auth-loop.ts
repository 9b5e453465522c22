import { indexPaths } from '@postern/data-plane'
import type { Route } from '@postern/routing-table'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import { text } from './stages/describe-filter.ts'
import { filterOf } from './why-refusal.ts'
import type { Decided } from './why.ts'

/** Whoever is not signed in is sent to a page that only those may see who are: the browser gives up after some rounds. */
export function authLoop(decided: Decided): readonly Finding[] {
  const { route } = decided.rehearsal
  const signin = filterOf(route, 'access')?.external?.signinUrl
  const there = signin && routeAt(text(signin), decided)
  if (signin === undefined || there === undefined || filterOf(there, 'access')?.external === undefined)
    return []
  const sentence = `Whoever is not signed in is sent to ${text(signin)}, which is guarded by auth-url of ${nameOf(there.origin)} too, and so again and again: serve that path by an Ingress of its own without auth-url.`
  return [{ code: 'auth-loop', sentence, ...placeOf(there.origin) }]
}

/** The route that a URL meets when its host is served here; `$host` is the one that was asked for. */
function routeAt(url: string, { subject, host }: Decided): Route | undefined {
  const [, name = '', path = '/'] = /^https?:\/\/([^/?:]+)(?::\d+)?(\/[^?$]*)?/.exec(url) ?? []
  const there = ['$host', '$http_host'].includes(name)
    ? host
    : subject.compiled.table.hosts.find((one) => one.host === name)
  const index = there && indexPaths(there.routes.map((one) => one.path))(path)
  return index === undefined ? undefined : there?.routes[index]
}
