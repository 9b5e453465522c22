import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'

/** What was measured, when, and on what: the first line of each page. */
export function machineLine(): string {
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim()
  const processor = cpus()[0]?.model ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  const time = new Date().toISOString().slice(0, 16)
  return `Commit ${commit}, ${time}Z, Node ${process.version}, ${String(cpus().length)} × ${processor}, ${String(memory)} GiB, Linux ${release()}.`
}
