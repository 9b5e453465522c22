// How long explain and diff take on 200 Ingresses, start included.
// usage: node --conditions=@postern/source libs/explain/bench/run.ts [--count 200]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeIngresses } from './write-ingresses.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '200' }, main: { type: 'string' } },
})
const MAIN = values.main ?? join(import.meta.dirname, '../../../apps/gateway/src/main.ts')
const ROUNDS = 7

const folder = mkdtempSync(join(tmpdir(), 'postern-explain-bench-'))
const [old, next] = [join(folder, 'old.yaml'), join(folder, 'new.yaml')]
try {
  const count = Number(values.count)
  writeIngresses(old, count)
  writeIngresses(next, count, (index) => (index === 7 ? '/v2' : ''))
  const commands = {
    explain: ['explain', 'http://app-7.example/api/x', '--manifests', old],
    diff: ['diff', old, next],
  }
  for (const [name, words] of Object.entries(commands)) {
    const times = Array.from({ length: ROUNDS }, () => {
      const begin = performance.now()
      const { status, stderr } = spawnSync(process.execPath, ['--conditions=@postern/source', MAIN, ...words])
      if (status !== 0 && status !== 1) throw new Error(`${name} failed: ${stderr.toString()}`)
      return performance.now() - begin
    }).sort((a, b) => a - b)
    const [best = 0, median = 0] = [times[0], times[ROUNDS >> 1]]
    process.stdout.write(
      `${name.padEnd(8)} ${String(count)} Ingresses: median ${median.toFixed(0)} ms, best ${best.toFixed(0)} ms\n`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
