// Measures the gateway beside its peers, in one run, and keeps the result as a page with ratios.
// usage: npm run bench -- [--scenario small-get]… [--target postern]… [--rounds 7] [--seconds 3] [--connections 64] [--dry]
//        npm run bench -- --guard      short form for CI: fails when a ratio is 20 % under the last kept page, twice
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { guard } from './lib/guard.ts'
import { measure } from './lib/measure.ts'
import { hasCommand } from './lib/processes.ts'
import { page } from './lib/report.ts'
import { SCENARIOS } from './scenarios/index.ts'

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    target: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    guard: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
  },
})

for (const program of ['wrk', 'nginx', 'taskset', 'curl']) {
  if (await hasCommand(program)) continue
  console.error(`${program} is needed for measuring: apt-get install -y wrk nginx haproxy curl`)
  process.exit(2)
}

const results = join(import.meta.dirname, 'results')
const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'))
const settings = {
  folder,
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  connections: Number(values.connections),
  say: (line: string) => console.log(line),
}
const chosen = SCENARIOS.filter(({ name }) => values.scenario === undefined || values.scenario.includes(name))

try {
  mkdirSync(results, { recursive: true })
  if (values.guard) process.exitCode = await guard(chosen, results, settings)
  else {
    for (const scenario of chosen) {
      console.log(scenario.title)
      const loadBefore = loadavg()[0] ?? 0
      const targets = scenario.targets.filter(
        (name) => values.target === undefined || values.target.includes(name),
      )
      const measured = await measure(scenario, { ...settings, targets })
      const text = page(scenario, measured, { ...settings, loadBefore })
      console.log(text)
      if (!values.dry) writeFileSync(join(results, `${scenario.name}.md`), text)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
