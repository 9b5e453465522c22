import { formatDiagnostic, type Diagnostic } from '@postern/control-plane'
import type { Log } from './log.ts'

/** Logs each finding when it appears and not again while it stays, and each file that has none any more. */
export function reportNew(log: Log): (diagnostics: readonly Diagnostic[]) => void {
  let known: ReadonlySet<string> = new Set()
  let faulty: ReadonlySet<string> = new Set()
  return (diagnostics) => {
    const now = new Set<string>()
    for (const diagnostic of diagnostics) {
      const text = formatDiagnostic(diagnostic)
      now.add(text)
      if (!known.has(text)) log[levelOf(diagnostic)](text, { code: diagnostic.code })
    }
    // A corrected file often gives the table that was kept: then nothing else would tell its author that it is read.
    const still = faultyFiles(diagnostics)
    for (const file of faulty) if (!still.has(file)) log.info(`${file}: all findings are settled`)
    known = now
    faulty = still
  }
}

function faultyFiles(diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
  const files = diagnostics.map(({ severity, file }) => (severity === 'info' ? undefined : file))
  return new Set(files.filter((file) => file !== undefined))
}

function levelOf({ severity }: Diagnostic): 'error' | 'warn' | 'info' {
  return severity === 'warning' ? 'warn' : severity
}
