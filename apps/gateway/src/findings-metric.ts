import type { Diagnostic } from '@postern/control-plane'

/** How many findings the manifests have as they are now, in the Prometheus text format: what an alert watches. */
export function findingsMetric(diagnostics: readonly Diagnostic[]): string {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const { severity } of diagnostics) counts[severity] += 1
  const lines = [
    '# HELP postern_findings Findings about the manifests as they are now, by severity; /diagnostics tells them.',
    '# TYPE postern_findings gauge',
    ...Object.entries(counts).map(
      ([severity, count]) => `postern_findings{severity="${severity}"} ${String(count)}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
