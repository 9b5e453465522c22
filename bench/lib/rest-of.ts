import { setTimeout as wait } from 'node:timers/promises'
import { familyOf, memoryMiB, readProc } from './processes.ts'

/** Waits until nothing but the serving process is there and it has come to rest. */
export async function restOf(pid: number): Promise<{ readonly peakMiB: number; readonly restMiB: number }> {
  let peakMiB = 0
  for (let i = 0; i < 600; i += 1) {
    const family = familyOf(pid)
    peakMiB = Math.max(peakMiB, memoryMiB(family))
    if (i > 50 && family.length <= 2 && !commandsOf(family).includes('control-process')) break
    await wait(200)
  }
  await wait(2_000)
  return { peakMiB, restMiB: memoryMiB(familyOf(pid)) }
}

function commandsOf(pids: readonly number[]): string {
  return pids.map((pid) => readProc(`/proc/${String(pid)}/cmdline`)).join(' ')
}
