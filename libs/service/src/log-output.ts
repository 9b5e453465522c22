import { commonLine } from './common-log.ts'
import type { ServiceSettings } from './settings.ts'

/** Where the lines of a log go. */
export interface LogOutput {
  /** Takes one line with its line feed. */
  write(line: string): void
  /** Writes what was taken; pino calls it before a process ends with a fatal line. */
  flushSync(): void
}

/** What a {@link LogOutput} writes to; `process.stdout` is one. */
export interface LogTarget {
  write(text: string): unknown
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

/**
 * Writes the lines of one turn of the event loop at its end, in one system call: a busy service has many lines in a turn,
 * and a call for each costs more than making them. Only a process that is killed with SIGKILL loses the lines of its last turn.
 */
export function createLogOutput(
  format: ServiceSettings['logFormat'],
  target: LogTarget = process.stdout,
): LogOutput {
  let pending = ''
  let broken = false
  const flushSync = (): void => {
    const text = pending
    pending = ''
    if (text !== '' && !broken) target.write(text)
  }
  let attached = false
  const attach = (): void => {
    attached = true
    target.on('error', (error) => {
      // Nobody reads the log any more; the service goes on, as with pino's own output.
      if (error.code !== 'EPIPE') throw error
      broken = true
    })
    process.on('exit', flushSync)
  }
  return {
    write: (line) => {
      if (!attached) attach()
      if (pending === '') setImmediate(flushSync)
      pending += format === 'common' ? `${commonLine(line)}\n` : line
    },
    flushSync,
  }
}
