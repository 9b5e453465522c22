import { describe, expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { ingress, serviceAt, toYaml, type ManifestObject } from '@postern/testing'
import { plain } from '../render-explanation.ts'
import { makeSubject } from '../subject.ts'
import { readWorld } from '../world/read-world.ts'
import { serviceTopic } from './service-topic.ts'
import { tlsTopic } from './tls-topic.ts'
import { renderTopic } from './topic.ts'

const set = (...objects: readonly ManifestObject[]) => {
  const { value, diagnostics } = parseYaml(toYaml(...objects), 'shop.yaml')
  return { manifests: value, diagnostics }
}

const service = (spec: object): ManifestObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop', namespace: 'team' },
  spec: { ports: [{ name: 'http', port: 80 }], ...spec },
})

describe('explain service', () => {
  const ask = (spec: object): string =>
    renderTopic(serviceTopic('team/shop', readWorld(set(service(spec)))), plain, 80)

  test('prints a kubectl command for its own namespace, and no line wider than the terminal', () => {
    const text = ask({
      selector: { 'app.kubernetes.io/name': 'shop-of-the-team', 'app.kubernetes.io/instance': 'production' },
    })
    expect(text.replace(/\s+/g, ' ')).toContain(
      'kubectl get endpointslice -n team -l kubernetes.io/service-name=shop shows them',
    )
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test.each([
    ['NodePort', '(by the cluster)'],
    ['LoadBalancer', '(by the cluster)'],
    ['ClusterIP', '-'],
    ['ExternalName', '-'],
  ])('%s has the node port %s', (type, nodePort) => {
    const [, row = ''] = /\n {2}http +(.*)\n/.exec(ask({ type, externalName: 'shop.example' })) ?? []
    expect(row.split(/ {2,}/)[3]).toBe(nodePort)
  })
})

test.each([
  ['shop.example', 'shop.example', undefined],
  ['*.example', 'shop.example', undefined],
  [undefined, 'shop.example', undefined],
  ['shop.example', 'shopp.example', true],
  ['*.example', 'a.shop.example', true],
])('explain tls: with rules for %s, %s is missing: %s', (host, asked, missing) => {
  const paths = [{ service: 'shop' }]
  const shop = ingress({ name: 'shop', rules: [{ ...(host !== undefined && { host }), paths }] })
  const subject = makeSubject(set(shop), DEFAULT_COMPILE_SETTINGS)
  expect(tlsTopic(asked, subject, new Date('2026-11-20')).missing).toBe(missing)
})

test('explain tls counts the rules that redirect, not the slashes that are added', () => {
  const paths = ['/a/', '/b/'].map((path) => ({ path, service: 'shop' }))
  const tls = [{ hosts: ['shop.example'], secretName: 'shop-tls' }]
  const shop = ingress({ name: 'shop', tls, rules: [{ host: 'shop.example', paths }] })
  const subject = makeSubject(
    set(shop, ...serviceAt('shop', [{ address: '127.0.0.1', port: 8080 }])),
    DEFAULT_COMPILE_SETTINGS,
  )
  expect(renderTopic(tlsTopic('shop.example', subject, new Date('2026-11-20')))).toContain(
    'plain HTTP is sent to HTTPS on 2 of 2 routes',
  )
})
