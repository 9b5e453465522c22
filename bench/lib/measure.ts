import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenarios/scenario.ts'
import { burst } from './load.ts'
import { upstreamConfig } from './nginx.ts'
import { cpuNanoseconds, cpuSince, familyOf, listens, memoryMiB, run, start, stop } from './processes.ts'
import type { Measured, Round } from './report.ts'
import { TARGETS } from './targets.ts'

export interface MeasureOptions {
  readonly folder: string
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  readonly targets: readonly string[]
  readonly say: (line: string) => void
}

const TARGET_CORE = '0'
const LOAD_CORE = '1'
const FIRST_PORT = 21_400

interface Running {
  readonly name: string
  readonly process: ChildProcess
  readonly url: string
}

/** Starts all targets of a scenario, warms them, and measures them in turn, round after round. */
export async function measure(scenario: Scenario, options: MeasureOptions): Promise<Measured[]> {
  const upstream = startUpstream(scenario, options.folder)
  const running: Running[] = []
  try {
    if (!(await listens(FIRST_PORT, 10_000)))
      throw new Error('the upstream did not start: is nginx installed?')
    for (const [at, name] of options.targets.entries()) {
      const one = await launch(name, FIRST_PORT + 1 + at, scenario, options)
      if (one !== undefined) running.push(one)
    }
    for (const one of running) await load(one, scenario, { ...options, seconds: 2 })
    return await inTurn(running, scenario, options)
  } finally {
    for (const one of running) await stop(one.process)
    await stop(upstream)
  }
}

function startUpstream({ upstream }: Scenario, folder: string): ChildProcess {
  const gathering = join(import.meta.dirname, '../peers/gathering-upstream.ts')
  const command =
    upstream === 'gathering'
      ? [process.execPath, '--conditions=@postern/source', gathering]
      : ['nginx', '-c', upstreamConfig(folder, FIRST_PORT)]
  const log = join(folder, 'upstream.log')
  return start(command, { core: LOAD_CORE, log, env: { PORT: String(FIRST_PORT) } })
}

async function inTurn(
  running: readonly Running[],
  scenario: Scenario,
  options: MeasureOptions,
): Promise<Measured[]> {
  const measured = running.map((one) => ({ target: one.name, rounds: [] as Round[] }))
  for (let round = 1; round <= options.rounds; round++) {
    for (const [at, one] of running.entries())
      measured[at]?.rounds.push(await oneRound(one, scenario, options))
    options.say(`  round ${String(round)} of ${String(options.rounds)}`)
  }
  return measured
}

async function oneRound(one: Running, scenario: Scenario, options: MeasureOptions): Promise<Round> {
  const family = familyOf(one.process.pid ?? 0)
  const cpuBefore = cpuNanoseconds(family)
  const began = process.hrtime.bigint()
  const result = await load(one, scenario, options)
  const cpu = cpuSince(cpuBefore, familyOf(one.process.pid ?? 0))
  const wall = Number(process.hrtime.bigint() - began)
  return { ...result, micros: cpu / 1000 / result.requests, core: cpu / wall, memoryMiB: memoryMiB(family) }
}

function load(one: Running, { headers, script }: Scenario, { seconds, connections }: MeasureOptions) {
  return burst({
    url: one.url,
    seconds,
    connections,
    core: LOAD_CORE,
    ...(headers !== undefined && { headers }),
    ...(script !== undefined && { script: join(import.meta.dirname, '..', script) }),
  })
}

async function launch(
  name: string,
  port: number,
  scenario: Scenario,
  options: MeasureOptions,
): Promise<Running | undefined> {
  const target = TARGETS.find((one) => one.name === name)
  const launched = await target?.launch({ folder: options.folder, port, upstream: FIRST_PORT })
  if (launched === undefined || typeof launched === 'string') {
    options.say(`  skipped: ${name}: ${launched ?? 'there is no such target'}`)
    return undefined
  }
  const log = join(options.folder, `${name.replace(/\W+/g, '-')}.log`)
  const child = start(launched.command, {
    core: TARGET_CORE,
    log,
    ...(launched.env && { env: launched.env }),
  })
  const url = `http://127.0.0.1:${String(port)}${scenario.path}`
  const isUp = await listens(port, launched.readyMs ?? 10_000, child)
  const status = isUp
    ? await run(['curl', '-s', '-o', '/dev/null', '-m', '5', '-w', '%{http_code}', url])
    : 'nothing'
  if (status === '200') return { name, process: child, url }
  options.say(`  skipped: ${name}: answered ${status}; ${readFileSync(log, 'utf8').slice(-400)}`)
  await stop(child)
  return undefined
}
