import { Command, Option } from 'commander'
import { readFile, writeFile } from 'node:fs/promises'
import type { Diagnostic, ManifestSet } from '@postern/control-plane'
import {
  applyEdits,
  check,
  CHECK_FORMATS,
  formatFindings,
  readWorld,
  safeEdits,
  type CheckFormat,
} from '@postern/explain'
import { addManifestOptions, compileSettings, type ManifestOptions } from './manifest-options.ts'
import { readManifests } from '../read-manifests.ts'

interface CheckOptions extends ManifestOptions {
  readonly format: CheckFormat
  readonly fix?: boolean
}

/** `postern check`: every finding as file:line:column. Exit 0 when there is no error or warning, 1 otherwise. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('report every finding in manifests, with file, line and what to do')
    .argument('<path...>', 'file, folder, or - for standard input')
    .addOption(
      new Option('--format <form>', 'how findings are printed').choices(CHECK_FORMATS).default('text'),
    )
    .option('--fix', 'correct what can be corrected without doubt, then report the rest')
  return addManifestOptions(command).action(async (paths: readonly string[], options: CheckOptions) => {
    const settings = compileSettings(options)
    const findingsOf = (set: ManifestSet) => check(set, settings, new Date())
    let set = await readManifests(paths)
    let findings = findingsOf(set)
    if (options.fix === true && (await fixFiles(findings, set)) > 0) {
      set = await readManifests(paths)
      findings = findingsOf(set)
    }
    process.stdout.write(formatFindings(findings, options.format))
    process.exitCode = findings.some(({ severity }) => severity !== 'info') ? 1 : 0
  })
}

/** Writes the corrected files and says so on standard error. */
async function fixFiles(findings: readonly Diagnostic[], set: ManifestSet): Promise<number> {
  const edits = safeEdits(findings, readWorld(set))
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits.filter((edit) => edit.file === file)
    await writeFile(file, applyEdits(await readFile(file, 'utf8'), own))
    for (const { line, from, to } of own) process.stderr.write(`${file}:${String(line)}: ${from} → ${to}\n`)
  }
  return edits.length
}
