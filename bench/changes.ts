// What does one host more cost, at ten thousand hosts of five paths, and what does a proxy that knows them weigh?
// usage: npm run build && node --conditions=@postern/source bench/changes.ts [--changes 500] [--dry] [--only postern]
// Postern, then nginx: hosts come one by one, first in silence and then under load, while other clients keep their connections
// open. The result is kept as bench/results/changes.md.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureChanges, type ChangesResult } from './changes/measure-changes.ts'
import { changesPage } from './changes/page.ts'
import { startNginx, startPostern } from './changes/subjects.ts'
import { upstreamConfig } from './lib/nginx.ts'
import { listens, start, stop } from './lib/processes.ts'

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '500' },
    only: { type: 'string' },
    dry: { type: 'boolean', default: false },
  },
})
const changes = Number(values.changes)
const plan = { idleClients: 200, quiet: Math.min(20, changes) }
// nginx loads everything anew each time: a few changes show what it does.
const subjects = [
  { begin: startPostern, port: 18_480, name: 'postern', plan: { ...plan, changes } },
  {
    begin: startNginx,
    port: 18_481,
    name: 'nginx',
    plan: { ...plan, quiet: Math.min(5, changes), changes: Math.min(10, changes) },
  },
].filter(({ name }) => values.only === undefined || values.only === name)

const UPSTREAM = 18_482
const folder = mkdtempSync(join(tmpdir(), 'postern-changes-'))
const loadBefore = loadavg()[0] ?? NaN
const upstream = start(['nginx', '-c', upstreamConfig(folder, UPSTREAM)], {
  core: '0,1',
  log: join(folder, 'upstream.log'),
})
const results: ChangesResult[] = []
try {
  for (const { begin, port, plan: own, name } of subjects) {
    const place = join(folder, name)
    mkdirSync(place)
    const startedAt = performance.now()
    const subject = begin(place, port, UPSTREAM)
    try {
      if (!(await listens(port, 120_000, subject.child)))
        throw new Error(`${name} does not listen: see ${place}`)
      results.push(await measureChanges(subject, { ...own, port }, performance.now() - startedAt))
    } finally {
      await stop(subject.child)
    }
  }
} finally {
  await stop(upstream)
  rmSync(folder, { recursive: true })
}
const page = changesPage(results, loadBefore)
console.log(page)
if (!values.dry) writeFileSync(join(import.meta.dirname, 'results/changes.md'), page)
