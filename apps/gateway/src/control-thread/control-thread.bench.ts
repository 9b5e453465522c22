// node --expose-gc --conditions=@postern/source apps/gateway/src/control-thread/control-thread.bench.ts [inline]
// 10,000 hosts with 5 paths each in 100 files; then one host more, again and again. What does the serving loop feel, and
// how much memory does the process take? With `inline` the control plane runs on the serving loop. Goal: 5 ms, 120 MiB.
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createControlPlane, DEFAULT_COMPILE_SETTINGS, fileSource } from '@postern/control-plane'
import { createDataPlane } from '@postern/data-plane'
import { createHttpEngine } from '@postern/http-engine'
import { createLog } from '../log.ts'
import { createControlThread } from './create-control-thread.ts'

const FILES = 100
const HOSTS_PER_FILE = 100
const CHANGES = 10

function manifestsOf(name: string, address: string): string {
  const backend = `backend: {service: {name: ${name}, port: {number: 80}}}`
  const paths = Array.from(
    { length: 5 },
    (_, i) => `{path: /section-${String(i)}, pathType: Prefix, ${backend}}`,
  )
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec: {ingressClassName: nginx, rules: [{host: ${name}.example, http: {paths: [${paths.join(', ')}]}}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
endpoints: [{addresses: [${address}]}]
ports: [{port: 8080}]
`
}

async function write(folder: string, file: string, text: string): Promise<void> {
  await writeFile(join(folder, `${file}.tmp`), text)
  await rename(join(folder, `${file}.tmp`), join(folder, `${file}.yaml`))
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`
const report = (label: string, text: string): void => console.log(`${label.padEnd(36)} ${text}`)
const memory = (): string => {
  ;(globalThis as { gc?: () => void }).gc?.()
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  return `rss ${mib(rss)}; serving heap ${mib(heapUsed)} of ${mib(heapTotal)}, external ${mib(external)}`
}

const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'))
for (let file = 0; file < FILES; file += 1) {
  const names = Array.from({ length: HOSTS_PER_FILE }, (_, i) => `shop-${String(file * HOSTS_PER_FILE + i)}`)
  const texts = names.map((name, i) => manifestsOf(name, `10.0.${String(file)}.${String(i + 1)}`))
  await write(folder, `file-${String(file)}`, texts.join('\n---\n'))
}

report('memory before', memory())
const dataPlane = createDataPlane({ engine: createHttpEngine() })
const [settings, publish] = [DEFAULT_COMPILE_SETTINGS, dataPlane.replaceTable]
const silent = createLog({
  format: 'json',
  level: 'error',
  write: (line) => console.log(line),
  now: () => new Date(),
})
const controlPlane =
  process.argv[2] === 'inline'
    ? createControlPlane({ source: fileSource([folder]), settings, publish, report: () => undefined })
    : createControlThread({ manifests: [folder], settings, publish, report: () => undefined, log: silent })
const start = performance.now()
await controlPlane.start()
report('until the first table', `${(performance.now() - start).toFixed(0)} ms`)
report('hosts', String(dataPlane.table().hosts.length))
report('memory with the table', memory())

const delay = monitorEventLoopDelay({ resolution: 1 })
const worst: number[] = []
const taking: number[] = []
for (let change = 0; change < CHANGES; change += 1) {
  delay.enable()
  delay.reset()
  const before = process.threadCpuUsage()
  await write(folder, `more-${String(change)}`, manifestsOf(`more-${String(change)}`, '10.1.0.1'))
  const hosts = FILES * HOSTS_PER_FILE + change + 1
  while (dataPlane.table().hosts.length !== hosts) await new Promise((resolve) => setTimeout(resolve, 5))
  delay.disable()
  const { user, system } = process.threadCpuUsage(before)
  taking.push((user + system) / 1000)
  worst.push(delay.max / 1e6)
}
report('longest stop of the loop, by change', `${worst.map((ms) => ms.toFixed(1)).join(' ')} ms`)
// A loaded machine stops the loop too; CPU time of the thread is what is ours.
report('CPU of the serving thread, by change', `${taking.map((ms) => ms.toFixed(1)).join(' ')} ms`)
report('memory after the changes', memory())
await controlPlane.stop()
await rm(folder, { recursive: true })
