import { noteAt } from '@postern/control-plane'
import { indexPaths } from '@postern/data-plane'
import type { PathMatch, Route } from '@postern/routing-table'
import { nameOf, placeOf } from '../../explanation.ts'
import { samplePaths } from '../../sample-paths.ts'
import type { Checked, Rule } from '../rule.ts'

/** A path that no request ever reaches, because an earlier one of the same host takes everything that it fits. */
export const shadowed: Rule = (checked) =>
  checked.compiled.table.hosts.flatMap(({ host, routes }) => {
    if (routes.length < 2) return []
    const find = indexPaths(routes.map(({ path }) => path))
    return routes.flatMap((route, index) => {
      const own = samplePaths(route.path).filter((path) => indexPaths([route.path])(path) !== undefined)
      const takers = own.map(find)
      if (own.length === 0 || takers.some((taker) => taker === undefined || taker >= index)) return []
      const first = routes[takers[0] ?? 0]
      if (first === undefined || takers.some((taker) => taker !== takers[0]) || sameRule(first, route))
        return []
      return [finding(route, first, host, checked)]
    })
  })

function sameRule(a: Route, b: Route): boolean {
  return a.id.replace('#slash', '') === b.id.replace('#slash', '')
}

function finding(route: Route, first: Route, host: string, { world }: Checked): ReturnType<Rule>[number] {
  const ingress = world.objects.ingresses.get(nameOf(route.origin))
  const field = ingress?.rules
    .flatMap(({ paths = [] }) => paths)
    .find((one) => ingress.manifest.at?.(one.field).line === route.origin.line)?.field
  const { place } = placeOf(first.origin)
  const message = `no request reaches this path: ${show(first.path)} of ${nameOf(first.origin)}${place === undefined ? '' : ` (${place})`} comes first on ${host} and takes them all`
  const fix = 'make the other path narrower, or take this one out'
  const note = { severity: 'warning', code: 'rule-shadowed', message, fix } as const
  if (ingress === undefined) return { ...note, object: route.origin }
  return noteAt(ingress.manifest, ingress.ref, field === undefined ? [] : [...field, 'path'], note)
}

function show({ kind, value }: PathMatch): string {
  return kind === 'regex' ? `the expression ${value}` : `the ${kind} ${value}`
}
