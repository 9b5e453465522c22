import { formatAccess, type AccessEntry } from '@postern/data-plane'
import type { LineWriter } from './line-writer.ts'
import type { ServeSettings } from './settings.ts'

/** Writes access lines in the form that was asked for; they weigh as much as `info`. */
export function logAccess(
  { logFormat, logLevel }: ServeSettings,
  out: LineWriter,
): (entry: AccessEntry) => void {
  if (logLevel === 'warn' || logLevel === 'error') return () => undefined
  return (entry) => out.gather(`${formatAccess(entry, logFormat)}\n`)
}
