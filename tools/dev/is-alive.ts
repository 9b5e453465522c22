import { readFileSync } from 'node:fs'

/** Whether the process runs. A dead one that nobody has waited for (a container without an init leaves such) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !isZombie(pid)
}

function isZombie(pid: number): boolean {
  try {
    // proc_pid_stat(5): the state follows the name, which stands in parentheses and may hold anything.
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
