// Postern as a cluster's door, in every overlay that has it.
import { describe, expect, test } from '@jest/globals'
import { find, podsWanted } from './kube-object.ts'
import { cannotRender, render, renderOverlay } from './render.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

run(`the door${skipped}`, () => {
  describe.each(['gateway', 'from-ingress-nginx', 'production'])('%s', (overlay) => {
    const objects = cannotRender === undefined ? renderOverlay(overlay) : []
    const deployment = () => find(objects, 'Deployment', 'postern')
    const container = () => deployment().spec?.template?.spec.containers?.[0]

    test('W21 is two Pods, each in the Service from its first table on, none for the time between two', () => {
      expect(podsWanted(objects, deployment())).toBe(2)
      expect(deployment().spec).toMatchObject({
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      })
      expect(container()?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'admin' })
      expect(container()?.livenessProbe?.httpGet).toEqual({ path: '/healthz', port: 'admin' })
    })

    test('S1.26 has its Service alone for a door, and keeps its admin port', () => {
      const { type, ports } = find(objects, 'Service', 'postern').spec ?? {}
      expect([type, ports?.map(({ port, targetPort }) => [port, targetPort])]).toEqual([
        'LoadBalancer',
        [
          [80, 'http'],
          [443, 'https'],
        ],
      ])
    })

    test('sees a change of what is mounted: whole folders, which the kubelet refreshes', () => {
      const mounts = container()?.volumeMounts?.filter(({ mountPath }) =>
        mountPath.startsWith('/etc/postern'),
      )
      expect(mounts?.map(({ mountPath }) => `--manifests=${mountPath}`)).toEqual(
        container()?.args?.filter((arg) => arg.startsWith('--manifests=')),
      )
      for (const mount of mounts ?? [])
        expect(Object.keys(mount).sort()).toEqual(['mountPath', 'name', 'readOnly'])
    })
  })

  test('base/gateway names nothing of the system behind it: from-ingress-nginx stands before another one', () => {
    const [deployment] = render('deploy/base/gateway').filter(({ kind }) => kind === 'Deployment')
    const args = deployment?.spec?.template?.spec.containers?.[0]?.args ?? []
    expect(args).toContain('--service-dns')
    expect(args.filter((arg) => /=\w+\//.test(arg))).toEqual([])
  })
})
