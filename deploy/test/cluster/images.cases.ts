// What each image is (D6, D7, W20): size, user, labels, no shell, read-only start at 0.2 CPU, memory under load, SIGTERM.
import { afterAll, describe, expect, test } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_PREFIX, IMAGES } from '../../images/images.ts'
import { curl, type World } from './world.ts'

/** Half of the startupProbe's 60 s. */
const READY_WITHIN_MS = 30_000
const MEMORY_MIB = 192

interface Start {
  readonly port: number
  readonly healthPort?: number
  readonly env?: readonly string[]
  readonly args?: readonly string[]
  readonly path?: string
}

/** The least that each needs to start alone; a path that costs something, for the load. */
const STARTS: Readonly<Record<string, Start>> = {
  users: { port: 8080, env: ['DEMO_MODE=true', 'AUTH_STUB=1'] },
  auth: { port: 80, env: ['DEMO_MODE=true'], path: '/version' },
  tasks: { port: 8000, env: ['DEMO_MODE=true'], path: '/tasks' },
  frontend: { port: 80 },
  hello: { port: 80, env: ['DEMO_MODE=true'] },
  monolith: { port: 80, env: ['DEMO_MODE=true'], args: ['-secret=secret'] },
  // What it asks is its own health port: an answer at once, whatever it says.
  proxy: { port: 3000, env: ['API_URL=http://127.0.0.1:81'] },
  'default-backend': { port: 8080 },
  gateway: {
    port: 8080,
    healthPort: 10254,
    args: [
      'serve',
      '--manifests=/app',
      '--http=0.0.0.0:8080',
      '--https=0.0.0.0:8443',
      '--admin=0.0.0.0:10254',
    ],
  },
}

export function imageCases(world: () => World): void {
  const table: string[] = []
  afterAll(() =>
    console.log(
      ['image                     size    ready at 0.2 CPU  memory under load  SIGTERM', ...table].join('\n'),
    ),
  )

  const ours = IMAGES.filter(({ containerfile }) => containerfile in STARTS)
  describe.each(ours.map((image) => [image.tags[0] ?? '', image] as const))('%s', (tag, image) => {
    const name = `${DEFAULT_PREFIX}${tag}`

    test('W20 is small, has no shell, is nobody’s root, and says what it is', async () => {
      const { podman } = world()
      const [inspected] = JSON.parse(await podman.podman('image', 'inspect', name)) as [
        { Size: number; Config: { User: string; WorkingDir: string; Labels: Record<string, string> } },
      ]
      expect(inspected.Size).toBeLessThan(200e6)
      expect(inspected.Config.User).toBe('65532:65532')
      expect(inspected.Config.WorkingDir).toBe('/app')
      expect(inspected.Config.Labels).toMatchObject({
        'org.opencontainers.image.title': expect.stringContaining('Postern'),
        'org.opencontainers.image.licenses': 'MIT',
        'org.opencontainers.image.version': image.version,
        'org.opencontainers.image.revision': expect.any(String),
      })
      expect(
        (await podman.run('podman', 'run', '--rm', '--entrypoint', '/bin/sh', name, '-c', 'true')).code,
      ).not.toBe(0)
    })

    test('D6 D7 starts read-only at 0.2 CPU within half of its startupProbe, stays in its memory under load, ends at SIGTERM', async () => {
      const { podman } = world()
      const {
        port,
        healthPort = 81,
        env = [],
        args = [],
        path = '/',
      } = STARTS[image.containerfile] ?? { port: 80 }
      const container = `image-${tag.replace(/[^a-z0-9]/g, '-')}`
      const hardened = [
        '--read-only',
        '--cap-drop',
        'ALL',
        '--security-opt',
        'no-new-privileges',
        '--tmpfs',
        '/tmp',
        '--tmpfs',
        '/app/data',
        '--tmpfs',
        '/app/tasks',
      ]
      const limits = ['--cpus', '0.2', '--memory', `${MEMORY_MIB}m`, '--memory-swap', `${MEMORY_MIB}m`]
      const started = Date.now()
      await podman.podman(
        'run',
        '--detach',
        '--name',
        container,
        ...hardened,
        ...limits,
        ...env.flatMap((one) => ['--env', one]),
        name,
        ...args,
      )
      try {
        const address = await podman.podman(
          'inspect',
          '--format',
          '{{.NetworkSettings.IPAddress}}',
          container,
        )
        const ready = `http://${address}:${healthPort}${healthPort === 81 ? '/readiness' : '/readyz'}`
        while ((await curl(world(), ready)).status !== 200 && Date.now() - started < 2 * READY_WITHIN_MS)
          await pause(50)
        const readyMs = Date.now() - started
        expect((await curl(world(), ready)).status).toBe(200)

        const load = `for i in $(seq 20); do seq 20 | xargs -P 10 -I{} curl -s -m 20 -o /dev/null http://${address}:${port}${path}; done`
        await podman.run('sh', '-c', load)
        const { State } = (
          JSON.parse(await podman.podman('inspect', container)) as [
            { State: { OOMKilled: boolean; Running: boolean; CgroupPath: string } },
          ]
        )[0]
        expect(State).toMatchObject({ OOMKilled: false, Running: true })
        const peak = await podman
          .podman(
            'exec',
            container,
            '/usr/local/bin/node',
            '-p',
            "require('fs').readFileSync('/sys/fs/cgroup/memory/memory.max_usage_in_bytes','utf8')",
          )
          .catch(() => '')

        const asked = Date.now()
        await podman.podman('stop', '--time', '20', container)
        const stopMs = Date.now() - asked
        expect(await podman.podman('inspect', '--format', '{{.State.ExitCode}}', container)).toBe('0')
        expect(stopMs).toBeLessThan(15_000)
        const [{ Size }] = JSON.parse(await podman.podman('image', 'inspect', name)) as [{ Size: number }]
        const mib = peak === '' ? '      ?' : `${Math.round(Number(peak) / 2 ** 20)} MiB`
        table.push(
          `${tag.padEnd(24)} ${(Size / 1e6).toFixed(0).padStart(4)} MB  ${String(readyMs).padStart(10)} ms  ${mib.padStart(15)}  ${String(stopMs).padStart(8)} ms`,
        )
        expect(readyMs).toBeLessThan(READY_WITHIN_MS)
      } finally {
        await podman.podman('rm', '--force', '--time', '0', container)
      }
    })
  })

  test('W20 the debug variant has a shell', async () => {
    const { podman } = world()
    expect(
      (
        await podman.run(
          'podman',
          'run',
          '--rm',
          '--entrypoint',
          '/bin/sh',
          `${DEFAULT_PREFIX}monolith:1.0.0-debug`,
          '-c',
          'id -u',
        )
      ).stdout.trim(),
    ).toBe('65532')
  })
}
