import { describe, expect, test } from '@jest/globals'
import type { RoutingTable } from '@postern/routing-table'
import { createControlPlane } from './control-plane.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ManifestSet } from './manifest.ts'
import { DEFAULT_COMPILE_SETTINGS } from './settings.ts'
import type { ManifestSource } from './source/manifest-source.ts'
import { parseYaml } from './source/parse-yaml.ts'
import { Signal } from './source/signal.ts'

/** A source whose content the test sets. */
function handSource(first: ManifestSet) {
  const signal = new Signal()
  let current = first
  const source: ManifestSource = {
    async *watch() {
      do yield current
      while (await signal.next())
    },
    refresh: () => signal.raise(),
    close: async () => signal.end(),
  }
  return {
    source,
    set: (next: ManifestSet) => {
      current = next
      signal.raise()
    },
  }
}

function manifests(...texts: string[]): ManifestSet {
  const parsed = texts.map((text, index) => parseYaml(text, `${index}.yaml`))
  return { manifests: parsed.flatMap((p) => p.value), diagnostics: parsed.flatMap((p) => p.diagnostics) }
}

const ingress = (name: string, extra = ''): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}${extra}}
spec:
  ingressClassName: nginx
  rules: [{host: ${name}.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}]
`

function started(first: ManifestSet) {
  const tables: RoutingTable[] = []
  const reports: (readonly Diagnostic[])[] = []
  const hand = handSource(first)
  const waiting: (() => void)[] = []
  const plane = createControlPlane({
    source: hand.source,
    settings: DEFAULT_COMPILE_SETTINGS,
    publish: (table) => tables.push(table),
    report: (diagnostics) => {
      reports.push(diagnostics)
      for (const wake of waiting.splice(0)) setImmediate(wake)
    },
  })
  const reported = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
  return { plane, tables, reports, hand, reported }
}

describe('createControlPlane', () => {
  test('start resolves once a table is published', async () => {
    const { plane, tables } = started(manifests(ingress('a')))
    await plane.start()
    expect(tables.map((t) => t.revision)).toEqual([1])
    expect(plane.diagnostics().map((d) => d.code)).toEqual(['service-missing'])
    await plane.stop()
  })

  test('a change is published with the next revision; an unchanged host keeps its identity', async () => {
    const first = manifests(ingress('a'), ingress('b'))
    const { plane, tables, hand, reported } = started(first)
    await plane.start()
    const done = reported()
    hand.set({ manifests: [first.manifests[0]!, ...manifests(ingress('c')).manifests], diagnostics: [] })
    await done
    expect(tables.map((t) => t.revision)).toEqual([1, 2])
    expect(tables[1]!.hosts.map((h) => h.host)).toEqual(['a.example', 'c.example'])
    expect(tables[1]!.hosts[0]).toBe(tables[0]!.hosts[0])
    expect(tables[1]!.backends[0]).toBe(tables[0]!.backends[0])
    await plane.stop()
  })

  test('an Ingress that stays as it was follows the Service that its auth-url names', async () => {
    const web = manifests(
      ingress('web', ", annotations: {nginx.ingress.kubernetes.io/auth-url: 'http://login.auth.svc/'}"),
    )
    const login = manifests(`apiVersion: v1
kind: Service
metadata: {name: login, namespace: auth}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: login, namespace: auth, labels: {kubernetes.io/service-name: login}}
addressType: IPv4
endpoints: [{addresses: ['10.0.0.1']}]
ports: [{port: 80}]
`)
    const { plane, tables, hand, reported } = started(web)
    const asked = (): unknown => {
      const access = tables.at(-1)?.hosts[0]?.routes[0]?.filters.find(({ kind }) => kind === 'access')
      return access?.kind === 'access' && access.external?.backend
    }
    await plane.start()
    expect(asked()).toBeUndefined()
    const both = { manifests: [...web.manifests, ...login.manifests], diagnostics: [] }
    for (const [set, backend] of [
      [both, 'auth/login/80'],
      [web, undefined],
    ] as const) {
      const done = reported()
      hand.set(set)
      await done
      expect(asked()).toBe(backend)
    }
    await plane.stop()
  })

  test('what changes nothing is not published', async () => {
    const first = manifests(ingress('a'))
    const { plane, tables, hand, reported } = started(first)
    await plane.start()
    const done = reported()
    hand.set({
      ...first,
      manifests: [...first.manifests, ...manifests('apiVersion: v1\nkind: Namespace\n').manifests],
    })
    await done
    expect(tables).toHaveLength(1)
    await plane.stop()
  })

  test('an object that goes bad keeps its last good form', async () => {
    const first = manifests(ingress('a'))
    const { plane, tables, hand, reported } = started(first)
    await plane.start()
    const done = reported()
    hand.set(manifests(ingress('a').replace('pathType: Prefix', 'pathType: Prefex')))
    await done
    expect(tables).toHaveLength(1)
    expect(plane.diagnostics().map((d) => d.code)).toEqual(
      expect.arrayContaining(['invalid-field', 'last-good-kept']),
    )
    const again = reported()
    hand.set(manifests(ingress('b')))
    await again
    expect(tables.at(-1)!.hosts.map((h) => h.host)).toEqual(['b.example'])
    await plane.stop()
  })

  test('a table is frozen to its leaves', async () => {
    const { plane, tables } = started(manifests(ingress('a')))
    await plane.start()
    const [route] = tables[0]!.hosts[0]!.routes
    expect(Object.isFrozen(tables[0])).toBe(true)
    expect(Object.isFrozen(route!.target)).toBe(true)
    await plane.stop()
  })
})
