// What libs/service costs: the same two routes in it and in plain Fastify, side by side, by CPU time per request.
// npm run bench:kit [-- rounds seconds connections] writes bench/results/kit.md.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { kitPage, type Measured } from './kit/page.ts'
import { addRoutes, TARGETS, type TargetName } from './kit/targets.ts'
import { burst } from './lib/load.ts'

const NAMES = Object.keys(TARGETS) as TargetName[]
const ROUTES = [
  { route: 'GET /tasks' },
  { route: 'POST /tasks', script: join(import.meta.dirname, 'kit/add-task.lua') },
]

const child = NAMES.find((name) => name === process.env['BENCH_KIT'])
const [rounds = 4, seconds = 2, connections = 32] = process.argv.slice(2).map(Number)
if (child === undefined) await compare()
else await serve(child)

/** Answers until it is told to end; tells its address, and its CPU time in microseconds when asked. */
async function serve(name: TargetName): Promise<void> {
  const app = TARGETS[name]()
  addRoutes(app)
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }))
}

async function compare(): Promise<void> {
  const load = loadavg()[0] ?? NaN
  const targets = await Promise.all(NAMES.map(start))
  const measured: Measured[] = []
  // One round more than is counted: the first compiles.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { route, script } of ROUTES) {
      for (const { name, process: target, url } of targets) {
        const before = await cpuOf(target)
        const options = { url: `${url}/tasks`, seconds, connections, core: '0' }
        const { requests, errors } = await burst({ ...options, ...(script !== undefined && { script }) })
        if (errors > 0) throw new Error(`${name} answered ${errors} requests with errors`)
        const micros = ((await cpuOf(target)) - before) / requests
        if (round > 0) measured.push({ name, route, micros })
      }
    }
  }
  for (const target of targets) target.process.disconnect()
  const page = await kitPage(measured, { load, rounds, seconds, connections })
  writeFileSync(join(import.meta.dirname, 'results/kit.md'), page)
  process.stdout.write(page)
}

async function start(
  name: TargetName,
): Promise<{ readonly name: TargetName; readonly process: ChildProcess; readonly url: string }> {
  const target = fork(import.meta.filename, {
    env: { PATH: process.env['PATH'] ?? '', BENCH_KIT: name, APP_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [url] = await once(target, 'message')
  return { name, process: target, url: String(url) }
}

async function cpuOf(target: ChildProcess): Promise<number> {
  target.send('cpu')
  const [micros] = await once(target, 'message')
  return Number(micros)
}
