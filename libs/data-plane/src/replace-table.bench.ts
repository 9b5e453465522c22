// node --expose-gc --conditions=@postern/source libs/data-plane/src/replace-table.bench.ts
// One host more, and one host less, on a table of 10,000 hosts with 5 paths each: what does the serving loop feel?
// Goal: 5 ms (1 ms), flat memory. bench/changes.ts measures the whole gateway.
import { createHttpEngine } from '@postern/http-engine'
import {
  type Backend,
  type Revision,
  type RouteId,
  type RoutingTable,
  type VirtualHost,
} from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { createDataPlane } from './data-plane.ts'
import { PasswordChecks } from './passwords/password-checks.ts'
import { verifySlowHash } from './passwords/slow-hash.ts'
import { createPreparer } from './prepare.ts'
import { createResolver } from './runtime/resolver.ts'
import { Runtime } from './runtime/runtime.ts'

const HOSTS = 10_000
const PATHS = 5
const CHANGES = 100

const nameOf = (index: number): string => `shop-${String(index).padStart(5, '0')}`

function makeBackend(index: number): Backend {
  const address = `10.${String(index >> 8)}.${String(index & 255)}.1`
  return backendAt(`test/${nameOf(index)}/80`, [{ address, port: 8080 }])
}

function makeHost(index: number): VirtualHost {
  const name = nameOf(index)
  const routes = Array.from({ length: PATHS }, (_, path) => ({
    ...routeTo(`test/${name}/80`, {
      path: { kind: 'prefix', value: `/section-${String(path)}` },
      filters: [{ kind: 'body-limit', maxBytes: 1_048_576 }],
    }),
    id: `test/${name}/0/${String(path)}` as RouteId,
  }))
  return hostWith(`${name}.example`, routes)
}

function makeTable(): RoutingTable {
  const indexes = Array.from({ length: HOSTS }, (_, index) => index)
  return tableOf({ hosts: indexes.map(makeHost), backends: indexes.map(makeBackend) })
}

const time = (run: () => void): number => {
  const start = performance.now()
  run()
  return performance.now() - start
}
const report = (label: string, text: string): void => console.log(`${label.padEnd(44)} ${text}`)
const heapMiB = (): number => {
  ;(globalThis as { gc?: () => void }).gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const plane = createDataPlane({ engine: createHttpEngine() })
const before = heapMiB()
const big = makeTable()
const withTable = heapMiB()
report('a whole table, cold', `${time(() => plane.replaceTable(big)).toFixed(1)} ms`)
const prepared = heapMiB()
report(
  'heap: table, prepared',
  `${(withTable - before).toFixed(1)}, ${(prepared - withTable).toFixed(1)} MiB`,
)

const engine = createHttpEngine()
const clock = { now: () => performance.now(), date: () => new Date() }
const prepare = createPreparer({
  ...{ engine, clock, runtime: new Runtime(), resolver: createResolver(clock), warn: () => undefined },
  passwords: new PasswordChecks(verifySlowHash, clock),
})
prepare.next(big)
const heapBefore = heapMiB()

// A host in the middle comes and goes.
const hosts = big.hosts.toSpliced(HOSTS / 2, 0, hostWith('shop-05000a.example', makeHost(HOSTS).routes))
const backends = [...big.backends, makeBackend(HOSTS)]
const times = {
  'prepare alone': [] as number[],
  replaceTable: [] as number[],
}
for (let change = 1; change <= CHANGES; change += 1) {
  const now = plane.table()
  const revision = (now.revision + 1) as Revision
  const next = change % 2 === 1 ? { ...big, revision, hosts, backends } : { ...big, revision }
  times['prepare alone'].push(time(() => prepare.next(next)))
  times.replaceTable.push(time(() => plane.replaceTable(next)))
}
for (const [part, all] of Object.entries(times)) {
  const sorted = all.toSorted((a, b) => a - b)
  const at = (q: number): string => (sorted[Math.floor((sorted.length - 1) * q)] ?? 0).toFixed(2)
  report(`${part}, ${String(CHANGES)} changes`, `median ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)} ms`)
}
report('heap after the changes', `${(heapMiB() - heapBefore).toFixed(1)} MiB more`)
