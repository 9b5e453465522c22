// What production owes (W5, W12, W20-W23, D1-D9 off): two of everything, stores outside, auth behind a wall.
import { describe, expect, test } from '@jest/globals'
import {
  describeObject,
  find,
  podsWanted,
  selects,
  workloadsOf,
  type KubeObject,
  type Labels,
} from './kube-object.ts'
import { letsIn, policiesFor } from './network-policy.ts'
import { cannotRender, renderOverlay } from './render.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

run(`production${skipped}`, () => {
  const objects = cannotRender === undefined ? renderOverlay('production') : []
  const ofKind = (kind: string) => objects.filter((one) => one.kind === kind)
  const deployments = ofKind('Deployment')

  test('W21 every Deployment has two Pods, apart by node and zone, and a budget', () => {
    const budgets = ofKind('PodDisruptionBudget').map(({ spec }) => spec?.selector?.matchLabels ?? {})
    for (const one of deployments) {
      const { labels = {} } = one.spec?.template?.metadata ?? {}
      expect([describeObject(one), podsWanted(objects, one)]).toEqual([describeObject(one), 2])
      const spread = one.spec?.template?.spec.topologySpreadConstraints
      expect(spread?.map(({ topologyKey }) => topologyKey)).toEqual([
        'kubernetes.io/hostname',
        'topology.kubernetes.io/zone',
      ])
      // Without it the Pods of a rollout are counted together with those that they replace, and end up side by side.
      for (const { matchLabelKeys } of spread ?? []) expect(matchLabelKeys).toEqual(['pod-template-hash'])
      expect(budgets.filter((selector) => selects(selector, labels))).toHaveLength(1)
    }
  })

  test('W21 every autoscaler scales a Deployment that is there and names no number of its own, from two', () => {
    for (const { spec } of ofKind('HorizontalPodAutoscaler')) {
      const scaled = find(objects, 'Deployment', spec?.scaleTargetRef?.name ?? '')
      expect([describeObject(scaled), scaled.spec?.replicas]).toEqual([describeObject(scaled), undefined])
      expect(spec?.minReplicas).toBe(2)
    }
  })

  test('W21 an autoscaler adds a Pod when those there use a third of what they may, neither at once nor too late', () => {
    for (const { spec } of ofKind('HorizontalPodAutoscaler')) {
      const scaled = find(objects, 'Deployment', spec?.scaleTargetRef?.name ?? '')
      const { requests = {}, limits = {} } = scaled.spec?.template?.spec.containers?.[0]?.resources ?? {}
      const utilization = spec?.metrics?.[0]?.resource.target.averageUtilization ?? 0
      const share = ((utilization / 100) * milliOf(requests['cpu'])) / milliOf(limits['cpu'])
      expect([describeObject(scaled), share]).toEqual([describeObject(scaled), 0.375])
    }
  })

  test('W21 a Pod that a balancer reaches by its node serves until the balancer has noticed that it leaves', () => {
    const [door, ...others] = ofKind('Service').filter(({ spec }) => spec?.externalTrafficPolicy === 'Local')
    expect([door?.metadata.name, others]).toEqual(['postern', []])
    const { containers } = find(objects, 'Deployment', 'postern').spec?.template?.spec ?? {}
    expect(containers?.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds)).toEqual([35])
  })

  test('W5 W12 users, auth and tasks keep their data outside the Pod', () => {
    for (const [name, secret] of [
      ['users', 'users-database'],
      ['auth', 'auth-database'],
      ['tasks', 'tasks-database'],
    ])
      expect(environment(deployments, `${name}-deployment`)).toContainEqual({
        name: 'DATABASE_URL',
        valueFrom: { secretKeyRef: { name: secret, key: 'url' } },
      })
  })

  test('W28 users, auth and tasks have the services’ credential from one Secret', () => {
    for (const name of ['users-deployment', 'auth-deployment', 'tasks-deployment']) {
      const pod = find(objects, 'Deployment', name).spec?.template?.spec
      const volume = pod?.volumes?.find(({ secret }) => secret?.secretName === 'service-secret')
      const mount = pod?.containers?.[0]?.volumeMounts?.find((one) => one.name === volume?.name)
      expect([name, mount]).toEqual([name, expect.objectContaining({ readOnly: true })])
      expect(environment(deployments, name)).toContainEqual({
        name: 'SERVICE_SECRET_FILE',
        value: `${mount?.mountPath}/secret`,
      })
    }
  })

  describe('S0.6 W22 who may reach whom', () => {
    const may = (from: Labels, to: Labels): boolean => letsIn(policiesFor(objects, to), from)
    const labels = Object.fromEntries(
      workloadsOf(objects).map(({ object, labels: own }) => [object.metadata.name, own]),
    ) as Record<string, Labels>
    const outside: Labels = { app: 'somebody-else' }

    test('only users and tasks reach auth', () => {
      const callers = Object.keys(labels).filter((name) => may(labels[name]!, labels['auth-deployment']!))
      expect(callers.sort()).toEqual(['tasks-deployment', 'users-deployment'])
      expect(may(outside, labels['auth-deployment']!)).toBe(false)
    })

    test('everybody reaches the gateway, and nobody else but through it', () => {
      const open = Object.keys(labels).filter((name) => may(outside, labels[name]!))
      expect(open).toEqual(['postern'])
      for (const name of [
        'users-deployment',
        'tasks-deployment',
        'frontend-deployment',
        'default-http-backend',
      ])
        expect(may(labels['postern']!, labels[name]!)).toBe(true)
    })

    test('auth stands behind no Ingress rule', () => {
      expect(JSON.stringify(ofKind('Ingress'))).not.toMatch(/auth-service/)
    })
  })
})

function environment(deployments: readonly KubeObject[], name: string): readonly object[] {
  const found = deployments.find(({ metadata }) => metadata.name === name)
  return found?.spec?.template?.spec.containers?.[0]?.env ?? []
}

/** CPU in thousandths: `200m`, `1`. */
function milliOf(cpu = ''): number {
  return cpu.endsWith('m') ? Number.parseInt(cpu, 10) : Number(cpu) * 1000
}
