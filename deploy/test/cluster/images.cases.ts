// What each image is (D6, D7, W20): size, user, labels, shell or none, read-only start at 0.2 CPU, memory under load, end.
import { afterAll, describe, expect, test } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_PREFIX, IMAGES, type Image } from '../../images/images.ts'
import { roomOf } from './image-room.ts'
import { STARTS, type Start } from './image-starts.ts'
import { runAlone, type LoneContainer } from './lone-container.ts'
import { join } from 'node:path'
import { curl, type World } from './world.ts'

const SMALL_BYTES = 200e6
const END_WITHIN_MS = 15_000

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
        const asked = Date.now()
        const container = await runAlone(world().podman, variant.name, variant.start, memoryMiB)
        try {
          const ready = () => curl(world(), `http://${container.address}${variant.start.ready}`)
          while ((await ready()).status !== 200 && Date.now() - asked < startupMs) await pause(50)
          const readyMs = Date.now() - asked
          expect((await ready()).status).toBe(200)
          const memory = variant.debug ? '–' : await memoryUnderLoad(world(), container, variant.start)
          const stopMs = await endsWhenTold(container)
          note(tag, `${readyMs} of ${startupMs} ms`, `${memory} of ${memoryMiB} MiB`, `${stopMs} ms`)
          expect(readyMs).toBeLessThan(startupMs / 2)
        } finally {
          await container.remove()
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
  const shell = await podman.run('podman', 'run', '--rm', '--entrypoint', '/bin/sh', name, '-c', 'id -u')
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

async function memoryUnderLoad(
  { podman }: World,
  container: LoneContainer,
  { press: { times = 400, ...press } }: Start,
): Promise<string> {
  const what = { ...press, url: `http://${container.address}${press.url}`, times, atOnce: 16 }
  const script = join(import.meta.dirname, 'press.ts')
  const { code, stdout, stderr } = await podman.run(process.execPath, script, JSON.stringify(what))
  if (code !== 0) throw new Error(stderr)
  const answers = JSON.parse(stdout) as Readonly<Record<string, number>>
  expect(Object.keys(answers).filter((status) => !/^\d+$/.test(status))).toEqual([])
  expect(await container.state()).toMatchObject({ OOMKilled: false, Running: true })
  const { own, most } = await container.memory()
  return `${own} (${most})`
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
    'end',
  ]
  const lines = [head, ...[...rows].map(([tag, cells]) => [tag, ...cells])]
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines.map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')).join('\n')
}
