import { formatDiagnostic, type Diagnostic } from '@postern/control-plane'
import type { Log } from './log.ts'

/** Logs each finding when it appears, and not again while it stays. */
export function reportNew(log: Log): (diagnostics: readonly Diagnostic[]) => void {
  let known: ReadonlySet<string> = new Set()
  return (diagnostics) => {
    const now = new Set<string>()
    for (const diagnostic of diagnostics) {
      const text = formatDiagnostic(diagnostic)
      now.add(text)
      if (!known.has(text)) log[levelOf(diagnostic)](text, { code: diagnostic.code })
    }
    known = now
  }
}

function levelOf({ severity }: Diagnostic): 'error' | 'warn' | 'info' {
  return severity === 'warning' ? 'warn' : severity
}
