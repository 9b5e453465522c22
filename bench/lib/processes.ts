import { spawn, type ChildProcess } from 'node:child_process'
import { openSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface StartOptions {
  /** The core to run on, as taskset takes it. */
  readonly core: string
  readonly env?: Readonly<Record<string, string>>
  readonly log: string
}

/** Starts a command pinned to a core, its output in a file. */
export function start(command: readonly string[], { core, env, log }: StartOptions): ChildProcess {
  const output = openSync(log, 'a')
  return spawn('taskset', ['-c', core, ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
  })
}

/** Asks a process to end, waits two seconds, then ends it and its children, each by its id. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return
  const family = familyOf(child.pid)
  child.kill('SIGTERM')
  for (let i = 0; i < 40 && child.exitCode === null && child.signalCode === null; i++) await wait(50)
  for (const pid of family) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      // Already gone is what was wanted.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}

/** Runs a command to its end and gives everything it printed. */
export async function run(command: readonly string[], core?: string): Promise<string> {
  const [file = '', ...args] = core === undefined ? command : ['taskset', '-c', core, ...command]
  const child = spawn(file, args)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`cannot run ${file}: ${error.message}`))
    child.on('close', () => resolve(output))
  })
}

export async function hasCommand(name: string): Promise<boolean> {
  return (await run(['sh', '-c', `command -v ${name} || true`])).trim() !== ''
}

/** A process and all that descend from it. */
export function familyOf(root: number): number[] {
  const family = [root]
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readProc(`/proc/${entry}/stat`) : ''
    if (stat !== '') parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  for (const pid of family) for (const [child, parent] of parents) if (parent === pid) family.push(child)
  return family
}

/** Run time of all threads of each process, in nanoseconds: exact, unlike the ticks of /proc/PID/stat. */
export function cpuNanoseconds(pids: readonly number[]): ReadonlyMap<number, number> {
  return new Map(pids.map((pid) => [pid, threadsOf(pid)]))
}

/**
 * Run time of `pids` since `before`, in nanoseconds. A process that ended meanwhile took along what it had used: it counts for
 * nothing, instead of taking all its earlier time off.
 */
export function cpuSince(before: ReadonlyMap<number, number>, pids: readonly number[]): number {
  let total = 0
  for (const [pid, used] of cpuNanoseconds(pids)) total += Math.max(0, used - (before.get(pid) ?? 0))
  return total
}

function threadsOf(pid: number): number {
  let total = 0
  for (const thread of listProc(`/proc/${String(pid)}/task`))
    total += Number(readProc(`/proc/${String(pid)}/task/${thread}/schedstat`).split(' ')[0])
  return total
}

/** Proportional set size in MiB: pages shared by several processes count once. */
export function memoryMiB(pids: readonly number[]): number {
  let kib = 0
  for (const pid of pids)
    kib += Number(/^Pss:\s+(\d+)/m.exec(readProc(`/proc/${String(pid)}/smaps_rollup`))?.[1] ?? 0)
  return kib / 1024
}

/** Waits until the port accepts; not longer than its process lives. */
export async function listens(port: number, withinMs: number, child?: ChildProcess): Promise<boolean> {
  const end = Date.now() + withinMs
  while (
    Date.now() < end &&
    (child === undefined || (child.exitCode === null && child.signalCode === null))
  ) {
    if (await accepts(port)) return true
    await wait(50)
  }
  return false
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A file below /proc. A process may end between listing and reading it: then it has nothing to tell. */
export function readProc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function listProc(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
