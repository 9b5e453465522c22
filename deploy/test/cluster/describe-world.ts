// What was asked last, what came, and what the Pods wrote last: what somebody needs who reads of a failure elsewhere.
import type { RunningPod } from './running-pod.ts'
import type { Exchange, World } from './world.ts'

const EXCHANGES = 6
const LOG_LINES = 4
const MOST_CHARACTERS = 240

/** @param sinceMs when the test began. */
export async function describeWorld(world: World, sinceMs: number): Promise<string> {
  const exchanges = world.asked.filter(({ atMs }) => atMs >= sinceMs).slice(-EXCHANGES)
  const pods = await Promise.all(world.cluster.pods.map((pod) => describePod(world, pod)))
  return [
    `asked last, in seconds after the test began (it failed at ${seconds(Date.now() - sinceMs)}):`,
    ...exchanges.map((one) => describeExchange(one, sinceMs)),
    'Pods, and what they wrote last:',
    ...pods,
  ].join('\n')
}

function describeExchange(
  { atMs, tookMs, args, code, status, body, complaint }: Exchange,
  sinceMs: number,
): string {
  const answer = complaint === '' ? `${status} ${body}` : `${status} (curl ${code}: ${complaint})`
  return cut(`  ${seconds(atMs - sinceMs)} curl ${args.join(' ')} → ${answer} in ${tookMs} ms`)
}

async function describePod(
  { podman }: World,
  { name, address, ready, leaving, workload }: RunningPod,
): Promise<string> {
  const state = `${ready ? 'ready' : 'not ready'}${leaving ? ', told to go' : ''}`
  const lines = [`  ${name} ${address} ${state}`]
  for (const container of workload.containers) {
    const tail = ['--tail', String(LOG_LINES), `${name}-${container.name}`]
    const { stdout, stderr } = await podman.run('podman', 'logs', ...tail)
    const written = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
    lines.push(...written.map((line) => cut(`    ${container.name}: ${line}`)))
  }
  return lines.join('\n')
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

const cut = (line: string): string => {
  const flat = line.replaceAll('\n', ' ')
  return flat.length > MOST_CHARACTERS ? `${flat.slice(0, MOST_CHARACTERS)}…` : flat
}
