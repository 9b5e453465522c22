// What libs/service costs: the same two routes in it and in plain Fastify, side by side, by CPU time per request.
// node --conditions=@postern/source bench/kit.ts [rounds] [seconds] writes bench/results/kit.md.
import { createService, readServiceSettings } from '@postern/service'
import { fastify, type FastifyInstance } from 'fastify'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadavg } from 'node:os'
import { burst } from './lib/load.ts'
import { median } from './lib/median.ts'

const KINDS = ['plain Fastify', 'plain Fastify with its log', 'kit'] as const
type Kind = (typeof KINDS)[number]

const [child, first = '5', second = '3'] =
  process.env['BENCH_KIT'] === undefined ? [undefined, ...process.argv.slice(2)] : [process.env['BENCH_KIT']]

if (child === undefined) await compare(Number(first), Number(second))
else await serve(KINDS.find((kind) => kind === child) ?? 'kit')

function make(kind: Kind): FastifyInstance {
  if (kind === 'plain Fastify') return fastify()
  if (kind === 'plain Fastify with its log') return fastify({ logger: true })
  return createService(readServiceSettings('bench', { port: 8000 }))
}

/** Answers until it is told to end; tells its address, and its CPU time in microseconds when asked. */
async function serve(kind: Kind): Promise<void> {
  const app = make(kind)
  const response = { 200: { type: 'object', properties: { message: { type: 'string' } } } }
  app.get('/tasks', { schema: { response } }, () => ({ message: 'Tasks loaded.' }))
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }))
}

async function compare(rounds: number, seconds: number): Promise<void> {
  const before = loadavg()[0] ?? NaN
  const micros = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]))
  const targets = await Promise.all(KINDS.map(start))
  for (let round = 0; round < rounds; round += 1) {
    for (const { kind, process: target, url } of targets) {
      const start = await cpuOf(target)
      const { requests, errors } = await burst({ url: `${url}/tasks`, seconds, connections: 32, core: '0' })
      if (errors > 0) throw new Error(`${kind} answered ${errors} requests with errors`)
      micros.get(kind)?.push(((await cpuOf(target)) - start) / requests)
    }
  }
  for (const target of targets) target.process.disconnect()
  const rows = [...micros].map(([kind, values]) => {
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return `| ${kind} | ${median(values).toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)}) |`
  })
  const cost = (than: Kind) =>
    `${((median(micros.get('kit') ?? []) / median(micros.get(than) ?? []) - 1) * 100).toFixed(0)} %`
  const page = [
    '# What the service kit costs',
    '',
    `Node ${process.version}, load before ${before.toFixed(1)}; ${rounds} rounds of ${seconds} s, 32 connections, in turn; one small GET, logs to /dev/null.`,
    '',
    '| target | CPU µs/request, median (min–max) |',
    '|---|---|',
    ...rows,
    '',
    `- kit against plain Fastify with its log: **+${cost('plain Fastify with its log')}** (goal: under 15 %)`,
    `- kit against plain Fastify without any log: **+${cost('plain Fastify')}**`,
    '',
  ]
  writeFileSync(join(import.meta.dirname, 'results/kit.md'), page.join('\n'))
  process.stdout.write(page.join('\n'))
}

async function start(
  kind: Kind,
): Promise<{ readonly kind: Kind; readonly process: ChildProcess; readonly url: string }> {
  const target = fork(import.meta.filename, {
    env: { PATH: process.env['PATH'] ?? '', BENCH_KIT: kind, APP_ENV: 'test' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [url] = await once(target, 'message')
  return { kind, process: target, url: String(url) }
}

async function cpuOf(target: ChildProcess): Promise<number> {
  target.send('cpu')
  const [micros] = await once(target, 'message')
  return Number(micros)
}
