// What an idle keep-alive client weighs: some thousand connections with one request each, and then silence.
// usage: node tools/build.ts apps/gateway && npm run bench:idle [-- --connections 4000] [--dry]
// The result is kept as bench/results/idle.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { IdleClients } from './changes/clients.ts'
import { upstreamConfig } from './lib/nginx.ts'
import { familyOf, listens, memoryMiB, start, stop } from './lib/processes.ts'
import { restOf } from './lib/rest-of.ts'
import { machineLine } from './lib/machine.ts'
import { TARGETS } from './lib/targets.ts'

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '4000' },
    dry: { type: 'boolean', default: false },
  },
})
const connections = Number(values.connections)
const NAMES = ['nginx', 'nginx, gateway work', '@fastify/http-proxy', 'http-engine', 'postern']
// So many come and go first: what a process makes once, for any client at all, is not theirs.
const WARM_UP = 400
// Small collections have given back what requests left behind.
const SETTLE_MS = 20_000
const UPSTREAM = 18_580

const folder = mkdtempSync(join(tmpdir(), 'postern-idle-'))
const upstream = start(['nginx', '-c', upstreamConfig(folder, UPSTREAM)], {
  core: '0,1',
  log: join(folder, 'upstream.log'),
})
const rows: string[] = []
try {
  if (!(await listens(UPSTREAM, 10_000)))
    throw new Error('the upstream (nginx) did not start: is it installed?')
  for (const [at, name] of NAMES.entries()) rows.push(await weigh(name, UPSTREAM + 1 + at))
} finally {
  await stop(upstream)
  rmSync(folder, { recursive: true })
}
const text = page(rows)
console.log(text)
if (!values.dry) writeFileSync(join(import.meta.dirname, 'results/idle.md'), text)
process.exit(0)

async function weigh(name: string, port: number): Promise<string> {
  const target = TARGETS.find((one) => one.name === name)
  const launched = await target?.launch({ folder, port, upstream: UPSTREAM })
  if (launched === undefined || typeof launched === 'string')
    throw new Error(`${name}: ${launched ?? 'there is no such target'}`)
  const child = start(launched.command, {
    core: '0,1',
    log: join(folder, `${String(port)}.log`),
    ...(launched.env && { env: launched.env }),
  })
  try {
    if (!(await listens(port, launched.readyMs ?? 20_000, child))) throw new Error(`${name} does not listen`)
    const pid = child.pid ?? 0
    const early = await IdleClients.open(WARM_UP, port, 'asked.example')
    early.close()
    const before = (await restOf(pid)).restMiB
    const clients = await IdleClients.open(connections, port, 'asked.example')
    await wait(SETTLE_MS)
    const after = memoryMiB(familyOf(pid))
    const { closed } = clients
    clients.close()
    const each = ((after - before) * 1024) / connections
    return `| ${name} | ${before.toFixed(1)} | ${after.toFixed(1)} | ${each.toFixed(1)} | ${String(closed)} |`
  } finally {
    await stop(child)
  }
}

function page(lines: readonly string[]): string {
  return `# Idle keep-alive clients

${machineLine()}

${String(connections)} connections with one request each and another every twenty seconds, opened after ${String(WARM_UP)} others came and went; PSS of all processes.

| target | before, MiB | with all of them, MiB | KiB each | closed |
|---|---|---|---|---|
${lines.join('\n')}

Goal: 8 KiB each (4). nginx with ten thousand hosts has taken more than it needs at its start, and puts these connections there.
`
}
