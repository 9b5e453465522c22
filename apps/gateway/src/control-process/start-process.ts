import { fork, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The bundle has the program beside itself. From source, Node has to be told where the sources of the workspace are. */
export function startProcess(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts')
  const program = new URL(isSource ? '../control-process.ts' : './control-process.js', import.meta.url)
  const child = fork(fileURLToPath(program), [], {
    serialization: 'advanced',
    execArgv: [...(isSource ? ['--conditions=@postern/source', '--no-warnings'] : []), ...heapFlags()],
    // Its standard output is nobody's: the log is the gateway's.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  if (child.pid !== undefined) giveWay(child.pid)
  return child
}

// Requests come first. Where priorities are not allowed it does without.
function giveWay(pid: number): void {
  try {
    setPriority(pid, NICE)
  } catch {
    return
  }
}

const NICE = 5

/** What serving needs beside it, in MiB. */
const SERVING_MIB = 140

// In a container too small for the manifests it is this process that has to end, not the one that serves.
function heapFlags(): readonly string[] {
  const limitMib = process.constrainedMemory() / 2 ** 20
  if (limitMib <= 0 || limitMib > 16_384) return []
  return [`--max-old-space-size=${String(Math.max(64, Math.floor(limitMib - SERVING_MIB)))}`]
}
