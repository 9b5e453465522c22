// How long explain, check and diff take on 200 Ingresses, start of the process included, through the command that a user
// runs. usage: npm run bench:explain [-- --count 200 --rounds 15 --write]     --write keeps bench/results/explain.md
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { page, type Timed } from './page.ts'
import { writeIngresses } from './write-ingresses.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '15' },
    write: { type: 'boolean', default: false },
  },
})
const ROOT = join(import.meta.dirname, '../../..')
const COMMAND = join(ROOT, 'apps/gateway/bin/postern.mjs')
const CACHE = join(ROOT, 'node_modules/.cache/postern')

const folder = mkdtempSync(join(tmpdir(), 'postern-explain-bench-'))
const [old, next] = [join(folder, 'old.yaml'), join(folder, 'new.yaml')]
const count = Number(values.count)
const commands: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'postern --version': [COMMAND, '--version'],
  'postern explain': [COMMAND, 'explain', 'http://app-7.example/api/x', '--manifests', old],
  'postern check': [COMMAND, 'check', old],
  'postern diff': [COMMAND, 'diff', old, next],
}

try {
  if (!existsSync(join(ROOT, 'apps/gateway/dist/main.js')))
    throw new Error('build the command first: npm run build, or npm run bench:explain, which does')
  writeIngresses(old, count)
  writeIngresses(next, count, (index) => (index === 7 ? '/v2' : ''))
  const load = loadavg()[0] ?? 0
  const rounds = Array.from({ length: Number(values.rounds) }, round)
  const timed: Timed[] = Object.keys(commands).map((name) => ({
    name,
    coldMs: rounds.map((one) => one[name]?.coldMs ?? 0),
    warmMs: rounds.map((one) => one[name]?.warmMs ?? 0),
  }))
  const text = page(timed, { root: ROOT, count, load })
  process.stdout.write(text)
  if (values.write) writeFileSync(join(ROOT, 'bench/results/explain.md'), text)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Every command once without a compile cache, and once with the one that the first run left. */
function round(): Readonly<Record<string, { readonly coldMs: number; readonly warmMs: number }>> {
  return Object.fromEntries(
    Object.entries(commands).map(([name, words]) => {
      rmSync(CACHE, { recursive: true, force: true })
      return [name, { coldMs: run(words), warmMs: run(words) }]
    }),
  )
}

function run(words: readonly string[]): number {
  const begin = performance.now()
  const { status, stderr } = spawnSync(process.execPath, words)
  const took = performance.now() - begin
  // check and diff end with 1 when they found something.
  if (status !== 0 && status !== 1) throw new Error(`${words.join(' ')} failed: ${stderr.toString()}`)
  return took
}
