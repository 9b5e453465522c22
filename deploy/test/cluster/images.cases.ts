// What each image is (D6, D7, W20): size, user, labels, shell or none, read-only start at 0.2 CPU, memory under load, end.
import { afterAll, describe, expect, test } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_PREFIX, IMAGES, VERSION, type Image } from '../../images/images.ts'
import { roomOf } from './image-room.ts'
import { STARTS, type Start } from './image-starts.ts'
import { runAlone, type LoneContainer } from './lone-container.ts'
import { pressImage } from './press-image.ts'
import { join } from 'node:path'
import { curl, type World } from './world.ts'

const SMALL_BYTES = 200e6
const END_WITHIN_MS = 15_000
/** The variants with a shell hold the same app. */
const UNTRIED = { memory: '–', served: '–' }
const AUTH_READY_WITHIN_MS = 60_000

/** An image as it is, or its variant with a shell. */
interface Variant {
  readonly name: string
  readonly image: Image
  readonly debug: boolean
  readonly start: Start
}

const VARIANTS: readonly Variant[] = IMAGES.flatMap((image) => {
  const [tag = ''] = image.tags
  const start = STARTS[tag] ?? STARTS[image.containerfile]
  if (start === undefined) throw new Error(`image-starts.ts does not say how to start ${tag}`)
  const plain = { name: `${DEFAULT_PREFIX}${tag}`, image, debug: false, start }
  return image.debug ? [plain, { ...plain, name: `${plain.name}-debug`, debug: true }] : [plain]
})

export function imageCases(world: () => World): void {
  const table = new Map<string, string[]>()
  const note = (name: string, ...cells: readonly string[]) =>
    table.set(name, [...(table.get(name) ?? []), ...cells])
  afterAll(() => console.log(asTable(table)))

  describe.each(VARIANTS.map((variant) => [variant.name.replace(DEFAULT_PREFIX, ''), variant] as const))(
    '%s',
    (tag, variant) => {
      test('W20 says what it is, is nobody’s root, is small or has a shell', async () => {
        const { size, user } = await checkImage(world(), variant)
        note(tag, `${(size / 1e6).toFixed(0)} MB`, user)
      })

      test('D6 D7 starts read-only at 0.2 CPU within half of its startupProbe, stays in its memory under load, ends when told', async () => {
        const { memoryMiB, startupMs } = roomOf(variant.image)
        const auth = variant.start.needsAuth && !variant.debug ? await runAuth(world()) : undefined
        const env = auth === undefined ? [] : [`AUTH_ADDRESS=${auth.address}`]
        const start = { ...variant.start, env: [...(variant.start.env ?? []), ...env] }
        const asked = Date.now()
        const container = await runAlone(world().podman, variant.name, start, memoryMiB)
        try {
          const readyMs = (await untilReady(world(), container, start, asked + startupMs)) - asked
          const { memory, served } = variant.debug ? UNTRIED : await pressImage(world(), container, start)
          const stopMs = await endsWhenTold(container)
          const cells = [
            `${readyMs} of ${startupMs} ms`,
            `${memory} of ${memoryMiB} MiB`,
            served,
            `${stopMs} ms`,
          ]
          note(tag, ...cells)
          expect(readyMs).toBeLessThan(startupMs / 2)
        } finally {
          await container.remove()
          await auth?.remove()
        }
      })
    },
  )

  test('traces leave an image when an endpoint is named: what sends them is inside', async () => {
    const { podman } = world()
    const isReady = (line: string): boolean => line === 'ready'
    const script = join(import.meta.dirname, 'otlp-sink.ts')
    const sink = await podman.room.start(isReady, process.execPath, script, '4318')
    const hello = STARTS['hello']
    const traced = ['OTEL_EXPORTER_OTLP_ENDPOINT=http://10.88.0.1:4318', 'OTEL_BSP_SCHEDULE_DELAY=200']
    const start = { ...hello!, env: [...(hello?.env ?? []), ...traced] }
    const container = await runAlone(podman, `${DEFAULT_PREFIX}hello:1.0.0`, start, 192)
    try {
      const until = Date.now() + 60_000
      while (!sink.lines.includes('POST /v1/traces') && Date.now() < until) {
        await curl(world(), `http://${container.address}/`)
        await pause(200)
      }
      expect(sink.lines).toContain('POST /v1/traces')
    } finally {
      await container.remove()
      await sink.stop()
    }
  })
}

/** Auth as it is, for what asks it; its own limits are held by its own test. */
async function runAuth(world: World): Promise<LoneContainer> {
  const start = STARTS['auth']
  if (start === undefined) throw new Error('image-starts.ts does not say how to start auth')
  const auth = await runAlone(world.podman, `${DEFAULT_PREFIX}auth:${VERSION}`, start, 384)
  await untilReady(world, auth, start, Date.now() + AUTH_READY_WITHIN_MS)
  return auth
}

/** @returns when it was ready, ms since the epoch. @throws Error with what it wrote when it is not in time. */
async function untilReady(
  world: World,
  container: LoneContainer,
  { ready }: Start,
  deadline: number,
): Promise<number> {
  for (;;) {
    const { status } = await curl(world, `http://${container.address}${ready}`)
    const now = Date.now()
    if (status === 200) return now
    if (now > deadline)
      throw new Error(`${ready} answers ${status} after its time; it wrote:\n${await container.log()}`)
    await pause(50)
  }
}

async function checkImage(
  { podman }: World,
  { name, image, debug }: Variant,
): Promise<{ readonly size: number; readonly user: string }> {
  const [inspected] = JSON.parse(await podman.podman('image', 'inspect', name)) as [
    { Size: number; Config: { User: string; WorkingDir?: string; Labels?: Record<string, string> } },
  ]
  const { User, WorkingDir, Labels } = inspected.Config
  const onNginx = image.containerfile === 'frontend-nginx'
  expect(User).toBe(onNginx ? '101:101' : '65532:65532')
  if (!onNginx) expect(WorkingDir).toBe('/app')
  const shell = await podman.once('--entrypoint', '/bin/sh', name, '-c', 'id -u')
  if (debug || onNginx) expect(shell.stdout.trim()).toBe(User.split(':')[0])
  else {
    expect(shell.code).not.toBe(0)
    expect(inspected.Size).toBeLessThan(SMALL_BYTES)
  }
  if (!debug)
    expect(Labels).toMatchObject({
      'org.opencontainers.image.title': expect.stringContaining('Postern'),
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.version': image.version,
      'org.opencontainers.image.revision': expect.any(String),
    })
  return { size: inspected.Size, user: User }
}

async function endsWhenTold(container: LoneContainer): Promise<number> {
  const asked = Date.now()
  await container.stop()
  const tookMs = Date.now() - asked
  expect(await container.state()).toMatchObject({ ExitCode: 0, OOMKilled: false })
  expect(tookMs).toBeLessThan(END_WITHIN_MS)
  return tookMs
}

function asTable(rows: ReadonlyMap<string, readonly string[]>): string {
  const head = [
    'image',
    'size',
    'user',
    'ready at 0.2 CPU of budget',
    'memory under load (most, with files)',
    'served, the rest refused',
    'end',
  ]
  const lines = [head, ...[...rows].map(([tag, cells]) => [tag, ...cells])]
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines.map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')).join('\n')
}
