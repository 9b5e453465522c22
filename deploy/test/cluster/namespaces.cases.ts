// Two namespaces, and the names between them (overlay helloworld).
import { afterEach, expect } from '@jest/globals'
import { renderOverlay } from '../render.ts'
import { testIn } from './test-in.ts'
import { curl, type World } from './world.ts'

export function namespaceCases(world: () => World): void {
  const test = testIn(world)
  afterEach(() => world().cluster.clear())

  test('S1.1 S1.2 S1.18 S1.22 S1.23 proxy-app in default shows what hello-app in helloworld says; every replica is reached', async () => {
    const { cluster, podman } = world()
    await cluster.apply(renderOverlay('helloworld').filter(({ metadata }) => metadata.name !== 'dnsutils'))
    expect((await curl(world(), `http://${cluster.addressOf('proxy-app-service')}:3000/`)).body).toContain(
      'Hello Kubernetes!',
    )
    expect((await curl(world(), `http://${cluster.addressOf('hello-world')}:8080`)).body).toContain(
      'Hello Kubernetes!',
    )
    // The short name is known in its own namespace only.
    const proxy = cluster.podOf('proxy-app')
    const lookUp = (name: string) =>
      podman.run(
        'podman',
        'exec',
        `${proxy.name}-proxy-app`,
        '/usr/local/bin/node',
        '-e',
        `require('dns').lookup('${name}', (error) => process.exit(error ? 1 : 0))`,
      )
    expect((await lookUp('hello-app-service.helloworld')).code).toBe(0)
    expect((await lookUp('hello-app-service')).code).toBe(1)
    // Sixty new connections over three Pods: none is left out.
    for (let at = 0; at < 60; at++)
      await curl(world(), `http://${cluster.addressOf('hello-app-service', 'helloworld')}:8080/from-${at}`)
    const hello = cluster.pods.filter(({ workload }) => workload.namespace === 'helloworld')
    for (const { name } of hello)
      expect((await podman.run('podman', 'logs', `${name}-hello`)).stdout).toMatch(/from-\d+/)
  })
}
