// A room of its own for servers that want the real ports and the real paths: a network namespace where 80 and 443 are
// free, and a mount namespace where /etc/nginx and /etc/hosts are ours. Nothing of it is seen outside, nothing stays.
import { keepOutput } from '@postern/testing/test-logs'
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { findPartNamed } from '../../tools/e2e/parts.ts'

/** What a program said and how it ended. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RoomOptions {
  /** Folders and files of this machine that lie over paths in the room: `{ '/etc/nginx': '/tmp/x/nginx' }`. */
  readonly mounts: Readonly<Record<string, string>>
  /** More shell commands to run in it before anything else. */
  readonly prepare?: readonly string[]
}

export interface Room extends Place {
  /** A second network beside the room's, reached over a wire, so that the same ports are free there: the cluster's Pods. */
  readonly pods: Place
  /** Ends everything that was started, then the room. */
  close(): Promise<void>
}

/** Where programs run. */
export interface Place {
  /** Runs a program to its end. */
  run(program: string, ...args: readonly string[]): Promise<Outcome>
  /** Starts a program that stays; resolves when it has printed a line that `ready` accepts. */
  start(ready: (line: string) => boolean, program: string, ...args: readonly string[]): Promise<Resident>
}

/** Addresses that programs in `pods` may take: 10.77.0.1 to 10.77.0.60. */
export const POD_ADDRESSES = Array.from({ length: 60 }, (_, at) => `10.77.0.${at + 1}`)

export interface Resident {
  readonly process: ChildProcess
  /** Every line so far, standard error's too. */
  readonly lines: readonly string[]
  /** Its exit code, -1 for a signal; when it has ended by itself or by `stop`. */
  readonly ended: Promise<number>
  stop(signal?: NodeJS.Signals): Promise<number>
}

const unshare = findPartNamed('unshare')
const ip = findPartNamed('ip')

/** Why no room can be opened here, or undefined when it can. */
export const noRoom: string | undefined =
  unshare === undefined || ip === undefined
    ? 'unshare and ip are needed'
    : process.getuid?.() === 0
      ? undefined
      : 'only root may make namespaces'

export async function openRoom({ mounts, prepare = [] }: RoomOptions): Promise<Room> {
  const binds = Object.entries(mounts).map(([path, source]) => `mount --bind '${source}' '${path}'`)
  const keeper = await openKeeper([unshare ?? 'unshare', '-nm'], ['ip link set lo up', ...prepare, ...binds])
  const residents: Resident[] = []
  const room = place(keeper, residents)
  const podsKeeper = await openKeeper(
    ['nsenter', ...enter(keeper), unshare ?? 'unshare', '-n'],
    ['ip link set lo up'],
  )
  const pods = place(podsKeeper, residents)
  await wire(room, pods, podsKeeper)
  return {
    ...room,
    pods,
    close: async () => {
      for (const one of residents.reverse()) await one.stop()
      await closeKeeper(podsKeeper)
      await closeKeeper(keeper)
    },
  }
}

type Keeper = ChildProcessByStdio<Writable, Readable, Readable>

const enter = (keeper: Keeper): readonly string[] => ['-t', String(keeper.pid), '-n', '-m', '--']

/** A process that holds a namespace open. `cat` ends when this process does: its standard input closes. */
async function openKeeper(
  [program = '', ...args]: readonly string[],
  steps: readonly string[],
): Promise<Keeper> {
  const script = ['set -e', ...steps, 'echo open', 'exec cat'].join('\n')
  const keeper = spawn(program, [...args, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'pipe'] })
  await firstLine(keeper, (line) => line === 'open', [])
  return keeper
}

async function closeKeeper(keeper: Keeper): Promise<void> {
  keeper.stdin.end()
  if (keeper.exitCode === null) await once(keeper, 'exit')
}

async function wire(room: Place, pods: Place, podsKeeper: Keeper): Promise<void> {
  const addresses = POD_ADDRESSES.map((address) => `ip addr add ${address}/24 dev wire`)
  const steps: readonly [Place, string][] = [
    [room, `ip link add wire type veth peer name wire netns ${podsKeeper.pid}`],
    [room, 'ip addr add 10.77.0.254/24 dev wire && ip link set wire up'],
    [pods, [...addresses, 'ip link set wire up'].join(' && ')],
  ]
  for (const [where, step] of steps) {
    const { code, stderr } = await where.run('sh', '-c', step)
    if (code !== 0) throw new Error(`${step}: ${stderr}`)
  }
}

function place(keeper: Keeper, residents: Resident[]): Place {
  return {
    run: (program, ...args) => runToEnd(spawn('nsenter', [...enter(keeper), program, ...args])),
    start: async (ready, program, ...args) => {
      const lines: string[] = []
      const child = spawn('nsenter', [...enter(keeper), program, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      keepOutput(`room-${basename(program)}`, child)
      const ended = once(child, 'close').then(([code]) => (code as number | null) ?? -1)
      const resident: Resident = { process: child, lines, ended, stop: (signal) => stop(child, signal) }
      residents.push(resident)
      await firstLine(child, ready, lines)
      return resident
    },
  }
}

/** Runs a program to its end, outside of any room. */
export const runHere = (program: string, ...args: readonly string[]): Promise<Outcome> =>
  runToEnd(spawn(program, args))

async function runToEnd(child: ChildProcess): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (piece: Buffer) => (stdout += piece.toString()))
  child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, stdout, stderr }
}

function firstLine(child: ChildProcess, ready: (line: string) => boolean, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`ended with ${code} before it was ready:\n${lines.join('\n')}`)),
    )
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null)
        createInterface({ input: stream }).on('line', (line) => {
          lines.push(line)
          if (ready(line)) resolve()
        })
  })
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal)
    await once(child, 'exit')
  }
  return child.exitCode ?? -1
}
