// Measures the gateway beside its peers, in one run, and keeps the result as a page with ratios. `--help` tells how.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchArguments, USAGE, type BenchArguments } from './lib/arguments.ts'
import { guard } from './lib/guard.ts'
import { measure } from './lib/measure.ts'
import { hasCommand } from './lib/processes.ts'
import { page } from './lib/report.ts'

const results = join(import.meta.dirname, 'results')
const say = (line: string): void => console.log(line)

const asked = benchArguments(process.argv.slice(2))
if (asked === 'help') say(USAGE)
else {
  const wrong = 'wrong' in asked ? `${asked.wrong}\n\n${USAGE}` : await missing()
  if (wrong !== undefined) {
    console.error(wrong)
    process.exitCode = 2
  } else if (!('wrong' in asked)) await run(asked)
}

/** What the machine lacks, in a sentence. */
async function missing(): Promise<string | undefined> {
  if (availableParallelism() < 2) return 'two cores are needed: one for what is measured, one for the load'
  for (const program of ['wrk', 'nginx', 'taskset', 'curl']) {
    if (!(await hasCommand(program)))
      return `${program} is needed for measuring: apt-get install -y wrk nginx haproxy curl util-linux`
  }
  return undefined
}

async function run(options: BenchArguments): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'))
  try {
    mkdirSync(results, { recursive: true })
    if (options.guard) process.exitCode = await guard(options.scenarios, results, { ...options, folder, say })
    else await keepPages(options, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function keepPages({ scenarios, targets, ...options }: BenchArguments, folder: string): Promise<void> {
  for (const scenario of scenarios) {
    say(scenario.title)
    const loadBefore = loadavg()[0] ?? 0
    const chosen = scenario.targets.filter((name) => targets === undefined || targets.includes(name))
    const measured = await measure(scenario, { ...options, folder, say, targets: chosen })
    const text = page(scenario, measured, { ...options, loadBefore })
    say(text)
    if (!options.dry) writeFileSync(join(results, `${scenario.name}.md`), text)
  }
}
