// One Service of every kind in front of the same Pods, as DNS and as addresses (overlay services).
import { afterEach, expect } from '@jest/globals'
import { render, renderOverlay } from '../render.ts'
import { NODE_ADDRESS } from './cluster.ts'
import { testIn } from './test-in.ts'
import { curl, REFUSED, type World } from './world.ts'

export function servicesCases(world: () => World): void {
  const test = testIn(world)
  afterEach(() => world().cluster.clear())

  /** What a Pod of the namespace finds under a name, by its own resolv.conf. */
  const addressesOf = async (name: string): Promise<readonly string[]> => {
    const { cluster, podman } = world()
    const script = `require('dns').lookup('${name}', { all: true, family: 4 }, (error, found) => console.log(JSON.stringify(error ? [error.code] : found.map((one) => one.address))))`
    const container = `${cluster.podOf('hello-world').name}-hello`
    const printed = await podman.podman('exec', container, '/usr/local/bin/node', '-e', script)
    return (JSON.parse(printed) as string[]).sort()
  }
  const podAddresses = () =>
    world()
      .cluster.podsOf('hello-world')
      .map(({ address }) => address)
      .sort()

  test('S1.3 S1.4 S1.6-S1.14 S1.17 S1.19 S1.24 S3.4: one name is one address, a headless one is every ready Pod, the node has a port', async () => {
    const { cluster, podman } = world()
    // What hello-elsewhere stands for: its name is enough.
    const elsewhere = render('deploy/base/hello-app').filter(({ kind }) => kind === 'Service')
    await cluster.apply([...elsewhere, ...renderOverlay('services')])
    const hello = { status: 200, body: expect.stringContaining('Hello Kubernetes!') }
    const address = (name: string) => cluster.addressOf(name, 'services')

    expect(await addressesOf('hello-world')).toEqual([address('hello-world')])
    expect(podAddresses()).toHaveLength(5)
    expect(await addressesOf('hello-world-headless')).toEqual(podAddresses())
    expect(await addressesOf('hello-elsewhere')).toEqual([
      cluster.addressOf('hello-app-service', 'helloworld'),
    ])
    const resolv = await podman.podman(
      'exec',
      `${cluster.podOf('hello-world').name}-hello`,
      '/usr/local/bin/node',
      '-p',
      "require('fs').readFileSync('/etc/resolv.conf', 'utf8')",
    )
    expect(resolv).toContain('nameserver 10.96.0.10')
    expect(resolv).toContain('search services.svc.cluster.local svc.cluster.local cluster.local')
    expect(resolv).toContain('ndots:5')

    expect(await curl(world(), `http://${address('hello-world')}:3200/`)).toMatchObject(hello)
    expect(await curl(world(), `http://${address('my-service')}:8080/`)).toMatchObject(hello)
    for (const port of [80, 8080])
      expect(await curl(world(), `http://${address('hello-world-multi-port')}:${port}/`)).toMatchObject(hello)
    expect(await curl(world(), `http://${NODE_ADDRESS}:30080/`)).toMatchObject(hello)
    // S1.4: a port that the Service does not have is nobody's.
    expect((await curl(world(), `http://${address('hello-world')}:8080/`)).code).toBe(REFUSED)

    await cluster.scale('hello-world', 2)
    expect(podAddresses()).toHaveLength(2)
    expect(await addressesOf('hello-world-headless')).toEqual(podAddresses())
    expect(await addressesOf('hello-world')).toEqual([address('hello-world')])
  })
}
