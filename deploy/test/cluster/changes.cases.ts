// What changes under a running gateway: the folder that is mounted, and the Pods behind it.
import { expect } from '@jest/globals'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ROOT } from '../read-manifests.ts'
import type { GatewayShape } from './gateway-shape.ts'
import { memoryOf } from './lone-container.ts'
import { mountAsKubelet } from './mounted-folder.ts'
import { testIn } from './test-in.ts'
import type { Resident } from '../room.ts'
import type { World } from './world.ts'

const SERVED_WITHIN_MS = 1_000
const SWAPS = 3

const LOAD_PER_SECOND = 200
const ROUNDS = 2
const COURSE = ['tasks-deployment', 'users-deployment', 'auth-deployment', 'frontend-deployment']

/** What load.ts prints. */
interface LoadResult {
  readonly sent: number
  readonly failed: number
  /** Sent again because a kept connection was closed under it. */
  readonly repeated: number
  readonly examples: readonly string[]
  readonly seconds: number
}

export function changeCases(world: () => World, gateway: () => GatewayShape): void {
  const test = testIn(world)

  // On a machine that does other work one swap may be late: every one must be served, and one of three within the second.
  test('an Ingress added by symlink swap, as the kubelet does it, is served within a second', async () => {
    const tookMs: number[] = []
    while (tookMs.length < SWAPS && Math.min(...tookMs) >= SERVED_WITHIN_MS)
      tookMs.push(await swapIn(world(), gateway(), `added-${tookMs.length + 1}`))
    console.log(`an added Ingress was served ${tookMs.join(', ')} ms after the rename`)
    expect(Math.min(...tookMs)).toBeLessThan(SERVED_WITHIN_MS)
  })

  const restarted = async (deployments: readonly string[], ...load: readonly 'safe'[]): Promise<void> => {
    const { cluster } = world()
    const timeline: string[] = []
    const work = async (second: () => string): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++)
        for (const deployment of deployments) {
          const from = second()
          await cluster.rollingRestart(deployment)
          timeline.push(`${deployment} from ${from} to ${second()}`)
        }
    }
    const result = await underLoad(world(), gateway(), work, ...load)
    console.log(
      `${ROUNDS} rounds of rolling restarts: ${result.sent} requests in ${result.seconds} s, ${result.failed} failed, ${result.repeated} repeated`,
    )
    console.log(await memoryOfPods(world()))
    const { failed, examples } = result
    expect({ failed, examples: failed > 0 ? [...examples, ...timeline] : [] }).toEqual({
      failed: 0,
      examples: [],
    })
    expect(result.sent / result.seconds).toBeGreaterThan(LOAD_PER_SECOND * 0.5)
  }

  test(
    'a rolling restart of every Deployment of the course at 200 requests/s through the gateway: no failed request',
    () => restarted(COURSE),
    480_000,
  )

  test('a rolling restart of the gateway itself, of both its Pods, at the same rate: no failed request', () =>
    restarted(['postern'], 'safe'))
}

/**
 * Adds the lab's Ingress under another name and host to the mounted folder.
 * @returns from the rename to the first answer of the last Pod.
 */
async function swapIn({ podman, cluster }: World, { ingress }: GatewayShape, name: string): Promise<number> {
  const host = `${name}.postern.test`
  const added = readFileSync(join(ROOT, 'ingress/lab.yaml'), 'utf8')
    .replaceAll('lab.localhost', `${name}.localhost`)
    .replaceAll('lab.postern.test', host)
    .replace('name: lab\n', `name: ${name}\n`)
  const files = readdirSync(ingress).filter((file) => !file.startsWith('..'))
  const present = files.map((file) => [file, readFileSync(join(ingress, file), 'utf8')])
  const script = join(import.meta.dirname, 'first-answer.ts')
  const watches: Resident[] = []
  for (const { address } of cluster.podsOf('postern')) {
    const command = [process.execPath, script, address, '8443', host] as const
    watches.push(await podman.room.start((line) => line === 'unknown', ...command))
  }
  const swapped = mountAsKubelet(ingress, { ...Object.fromEntries(present), [`${name}.yaml`]: added })
  for (const { ended, lines } of watches) if ((await ended) !== 0) throw new Error(lines.join('\n'))
  return Math.max(...watches.map(({ lines }) => Number(lines.at(-1)))) - swapped
}

/** Requests at a steady rate while `work` goes on, and a little before and after. */
async function underLoad(
  { podman }: World,
  { door }: GatewayShape,
  work: (second: () => string) => Promise<void>,
  ...load: readonly 'safe'[]
): Promise<LoadResult> {
  const stopFile = join(podman.folder, 'stop-load')
  rmSync(stopFile, { force: true }) // of the load before
  const script = join(import.meta.dirname, 'load.ts')
  const started = performance.now()
  const running = podman.run(process.execPath, script, door, String(LOAD_PER_SECOND), stopFile, ...load)
  try {
    await pause(2_000)
    await work(() => ((performance.now() - started) / 1000).toFixed(1))
    await pause(1_000)
  } finally {
    writeFileSync(stopFile, '')
  }
  const { stdout, stderr, code } = await running
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as LoadResult
}

/** A line per container; none was killed for its memory. */
async function memoryOfPods({ podman, cluster }: World): Promise<string> {
  const lines = ['container                     own    most, with files   limit']
  for (const { name, workload } of cluster.pods)
    for (const container of workload.containers) {
      const format = '{{.State.Pid}} {{.State.OOMKilled}} {{.RestartCount}}'
      const said = await podman.podman('inspect', '--format', format, `${name}-${container.name}`)
      const [pid = '', ...rest] = said.split(' ')
      expect([name, ...rest]).toEqual([name, 'false', '0'])
      const { own, most } = await memoryOf(podman, pid)
      const limit = container.resources?.limits?.['memory'] ?? 'none'
      lines.push(
        `${name.padEnd(26)} ${String(own).padStart(4)} MiB  ${String(most).padStart(5)} MiB      ${limit}`,
      )
    }
  return lines.join('\n')
}
