import { readFile, writeFile } from 'node:fs/promises'
import type { Diagnostic, ManifestSet } from '@postern/control-plane'
import { applyEdits, check, formatFindings, readWorld, safeEdits } from '@postern/explain'
import { readManifests } from '../read-manifests.ts'
import type { CheckOptions } from './check.ts'
import { compileSettings } from './manifest-options.ts'

/** Prints the findings and leaves the exit code. */
export async function runCheck(paths: readonly string[], options: CheckOptions): Promise<void> {
  const settings = compileSettings(options)
  const findingsOf = (set: ManifestSet) => check(set, settings, new Date())
  let set = await readManifests(paths)
  let findings = findingsOf(set)
  if (options.fix === true && (await fixFiles(findings, set)) > 0) {
    set = await readManifests(paths)
    findings = findingsOf(set)
  }
  process.stdout.write(formatFindings(findings, options.format))
  // For a person; whatever reads the findings needs no more than them.
  if (options.format === 'text' && process.stderr.isTTY) process.stderr.write(summary(findings, set))
  process.exitCode = findings.some(({ severity }) => severity !== 'info') ? 1 : 0
}

/** Writes the corrected files and says so on standard error. */
async function fixFiles(findings: readonly Diagnostic[], set: ManifestSet): Promise<number> {
  const edits = safeEdits(findings, readWorld(set))
  let made = 0
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits.filter((edit) => edit.file === file)
    const { text, applied } = applyEdits(await readFile(file, 'utf8'), own)
    if (applied.length > 0) await writeFile(file, text)
    for (const { line, from, to } of applied)
      process.stderr.write(`${file}:${String(line)}: ${from} → ${to}\n`)
    made += applied.length
  }
  return made
}

/** One line, so that silence is not taken for an answer about nothing. */
function summary(findings: readonly Diagnostic[], { manifests }: ManifestSet): string {
  const count = (severity: Diagnostic['severity'], word: string): readonly string[] => {
    const { length } = findings.filter((one) => one.severity === severity)
    return length === 0 ? [] : [`${String(length)} ${word}${length === 1 ? '' : 's'}`]
  }
  const counts = [...count('error', 'error'), ...count('warning', 'warning'), ...count('info', 'note')]
  return `${String(manifests.length)} objects: ${counts.length === 0 ? 'nothing found' : counts.join(', ')}\n`
}
