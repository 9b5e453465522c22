import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  parseHostName,
  type PathMatch,
  type Route,
  type RouteId,
  type RoutingTable,
  type VirtualHost,
} from '@postern/routing-table'
import { parseRequestPath } from '@postern/exchange'
import { RE2JS } from 're2js'
import { hostWith, tableOf } from '@postern/testing/table-builder'
import { Plane } from './ask.ts'

/**
 * Which route answers, written straight from the texts of VirtualHost, PathMatch and RoutingTable: slow and obvious.
 */
function obviousRoute(table: RoutingTable, hostHeader: string, target: string): RouteId {
  const name = String(parseHostName(hostHeader))
  const labels = name.split('.')
  const candidates = [name, `*.${labels.slice(1).join('.')}`, '*']
  const host = candidates
    .map((candidate) => table.hosts.find((one) => one.host === candidate))
    .find((one) => one !== undefined)
  const path = parseRequestPath(target)
  if ('refused' in path) throw new Error(path.refused)
  const found = host?.routes.find((route) => obviouslyFits(route.path, path.normalized))
  return (found ?? host?.defaultRoute ?? table.defaultRoute).id
}

function obviouslyFits(rule: PathMatch, path: string): boolean {
  const segments = (text: string): string[] => text.split('/').filter((segment) => segment !== '')
  if (rule.kind === 'exact') return rule.value === path
  if (rule.kind === 'prefix') return segments(rule.value).every((segment, i) => segment === segments(path)[i])
  return RE2JS.compile(`^(?:${rule.value})`, rule.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0).test(path)
}

const label = fc.constantFrom('a', 'b', 'shop')
const segment = fc.constantFrom('a', 'b', 'A', 'ab', '%61', '..', '.', '')
const plainPath = fc
  .array(fc.constantFrom('a', 'b', 'A', 'ab'), { maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`)
const rule: fc.Arbitrary<PathMatch> = fc.oneof(
  plainPath.map((value): PathMatch => ({ kind: 'exact', value })),
  plainPath.map((value): PathMatch => ({ kind: 'prefix', value })),
  fc
    .tuple(plainPath, fc.constantFrom('', '(/|$)(.*)', '[a-b]*$', '.+'), fc.boolean())
    .map(([base, tail, ignoreCase]): PathMatch => ({ kind: 'regex', value: base + tail, ignoreCase })),
)

let lastRoute = 0
const route = rule.map((path): Route => ({
  id: `route-${String((lastRoute += 1))}` as RouteId,
  path,
  filters: [],
  target: { kind: 'fixed', status: 404, reason: 'seen' },
  origin: { kind: 'Ingress', namespace: 'test', name: 'x' },
  accessLog: true,
}))
const host: fc.Arbitrary<VirtualHost> = fc
  .tuple(
    fc.oneof(
      fc.constant('*'),
      fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
      fc.array(label, { minLength: 1, maxLength: 2 }).map((parts) => `*.${parts.join('.')}`),
    ),
    fc.array(route, { maxLength: 6 }),
    fc.option(route, { nil: undefined }),
  )
  .map(([name, routes, defaultRoute]) => hostWith(name, routes, defaultRoute && { defaultRoute }))
const request = fc.tuple(
  fc.array(label, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.')),
  fc
    .array(segment, { maxLength: 4 })
    .map((parts) => `/${parts.join('/')}`)
    .filter((target) => !('refused' in parseRequestPath(target))),
)

test('twin: the prepared table leads every request to the route that the slow reading finds', async () => {
  const hosts = fc.uniqueArray(host, { maxLength: 6, selector: (one) => one.host })
  await fc.assert(
    fc.asyncProperty(
      hosts,
      fc.array(request, { minLength: 1, maxLength: 6 }),
      async (virtualHosts, requests) => {
        const table = tableOf({ hosts: virtualHosts })
        const plane = new Plane(table)
        for (const [name, target] of requests) {
          await plane.ask({ host: name, target })
          expect([name, target, plane.log.at(-1)?.route]).toEqual([
            name,
            target,
            obviousRoute(table, name, target),
          ])
        }
      },
    ),
    { numRuns: 200 },
  )
})
