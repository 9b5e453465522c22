// Rules across overlays: V50 (nobody selects another's Pods) and S1.26 (nothing is exposed but the door).
import { describe, expect, test } from '@jest/globals'
import { describeObject, namespaceOf, selects, workloadsOf, type KubeObject } from './kube-object.ts'
import { readManifests } from './read-manifests.ts'
import { cannotRender, render, renderOverlay } from './render.ts'
import { PART_OF, selectedBy, selectorOf, servicesOf } from './selection.ts'

const EXTERNAL = ['NodePort', 'LoadBalancer']
const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

run(`V50 D10 all topologies in one cluster${skipped}`, () => {
  // Overlays of the same track replace each other; of each track one is applied.
  const TRACKS = ['course', 'lab-canary', 'helloworld', 'services', 'https-nginx', 'gateway']
  const objects = cannotRender === undefined ? unique(TRACKS.flatMap((name) => renderOverlay(name))) : []
  const workloads = workloadsOf(objects)

  test('every Service leads to the Pods of one app', () => {
    for (const service of servicesOf(objects)) {
      const found = selectedBy(service, workloads)
      const apps = new Set(found.map(({ labels }) => `${labels['app'] ?? labels['run']} ${labels[PART_OF]}`))
      expect([describeObject(service), apps.size <= 1]).toEqual([describeObject(service), true])
    }
  })

  test('no Pod belongs to two Deployments (W33)', () => {
    const deployments = objects.filter(({ kind }) => kind === 'Deployment')
    for (const { object, namespace, labels } of workloads) {
      const owners = deployments.filter(
        (one) => namespaceOf(one) === namespace && selects(selectorOf(one), labels),
      )
      expect([describeObject(object), owners.map(describeObject)]).toEqual([
        describeObject(object),
        object.kind === 'Deployment' ? [describeObject(object)] : [],
      ])
    }
  })
})

run(`V50 the lint itself${skipped}`, () => {
  test('names the case that the material has: two apps, one label `app: auth`', () => {
    const pod = (name: string, part: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: 'auth', [PART_OF]: part } },
      spec: { containers: [] },
    })
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'auth' },
      spec: { selector: { app: 'auth' } },
    }
    expect(selectedBy(service, workloadsOf([pod('a', 'course'), pod('b', 'lab')]))).toHaveLength(2)
  })
})

describe('S1.26 W23 base exposes nothing', () => {
  test.each(
    readManifests('deploy/base/**/*.yaml')
      .filter(({ object }) => object.kind === 'Service')
      .map(({ file, object }) => [file, object] as const),
  )('%s is a ClusterIP', (_, service) => {
    expect(service.spec?.type ?? 'ClusterIP').toBe('ClusterIP')
    expect((service.spec?.ports ?? []).every(({ nodePort }) => nodePort === undefined)).toBe(true)
  })
})

run(`S1.26 behind the door${skipped}`, () => {
  test.each([
    ['minikube', []],
    ['gateway', ['postern']],
    ['production', ['postern']],
  ])('in %s nothing is reachable from outside but %j', (overlay, doors) => {
    const external = servicesOf(render(`deploy/overlays/${overlay}`)).filter(({ spec }) =>
      EXTERNAL.includes(spec?.type ?? ''),
    )
    expect(external.map(({ metadata }) => metadata.name)).toEqual(doors)
  })
})

function unique(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map(objects.map((object) => [describeObject(object), object])).values()]
}
