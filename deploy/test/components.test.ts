// Components that no overlay takes by itself, on top of the overlays that they are for.
import { describe, expect, test } from '@jest/globals'
import { find, workloadsOf } from './kube-object.ts'
import { letsIn, policiesFor } from './network-policy.ts'
import { cannotRender, renderOverlay, renderWith } from './render.ts'
import { schemaError } from './schema-errors.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

run(`components${skipped}`, () => {
  test.each(['gateway', 'minikube', 'production'])('ipv6 on %s: nobody listens on IPv4 alone', (overlay) => {
    const objects = renderWith(overlay, 'ipv6')
    const settings = objects.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && /^settings-/.test(metadata.name),
    )
    expect(settings?.data).toMatchObject({ HOST: '::' })
    for (const { namespace, containers } of workloadsOf(objects))
      for (const { name, env = [], envFrom = [], args = [] } of containers) {
        const own = env.find((one) => one.name === 'HOST')?.value
        const read = envFrom.map(({ configMapRef }) => configMapRef.name)
        const shared =
          namespace === 'default' && read.includes(settings?.metadata.name ?? '') ? '::' : undefined
        const listens = args.length === 0 ? [own ?? shared] : lastOf(args, ['http', 'https', 'admin'])
        expect([name, listens]).toEqual([name, listens.map(() => expect.stringMatching(/^(::|\[::\]:\d+)$/))])
      }
  })

  test('ipv6 changes nothing else: the same objects, and what was told before is told still', () => {
    const names = (objects: ReturnType<typeof renderOverlay>) =>
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name.replace(/-[a-z0-9]{10}$/, '')}`).sort()
    const changed = renderWith('production', 'ipv6')
    expect(names(changed)).toEqual(names(renderOverlay('production')))
    const settings = changed.find(({ metadata }) => /^settings-/.test(metadata.name))
    expect(settings?.data).toMatchObject({ APP_ENV: 'production', DEMO_MODE: 'false' })
  })

  test('monitoring: the namespace of a Prometheus reaches the ports with numbers, and every other door stays as it was', () => {
    const objects = renderWith('production', 'monitoring')
    const policy = find(objects, 'NetworkPolicy', 'monitoring')
    expect(schemaError(policy)).toBeUndefined()
    const [{ from, ports } = {}] = policy.spec?.ingress ?? []
    expect(from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ])
    const told = workloadsOf(objects).flatMap(({ containers }) =>
      containers.flatMap(({ ports: own = [] }) =>
        own
          .filter(({ name }) => name === 'health' || name === 'admin')
          .map(({ containerPort }) => containerPort),
      ),
    )
    expect(ports?.map(({ port }) => port)).toEqual([...new Set(told)].sort((a, b) => a - b))
    for (const { labels } of workloadsOf(objects)) {
      expect(policiesFor(objects, labels)).toContain(policy)
      expect(letsIn([policy], { app: 'somebody-else' })).toBe(false)
    }
  })
})

/** The value of each flag where it stands last. */
function lastOf(args: readonly string[], flags: readonly string[]): readonly (string | undefined)[] {
  return flags.map((flag) => args.findLast((arg) => arg.startsWith(`--${flag}=`))?.split('=')[1])
}
