// Runs the commands of a README in one shell, in the room, with stand-ins for kubectl and minikube.
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../cluster/world.ts'
import { ROOT } from '../read-manifests.ts'
import type { Control } from './control.ts'
import { commandsOf, type PrintedCommand } from './readme-commands.ts'

export interface RanCommand extends PrintedCommand {
  readonly code: number
  readonly output: string
}

const MARK = '=====command'

export interface ReadmeOptions {
  /** Commands that are not run. */
  readonly skip: RegExp
  /** Printed elsewhere, and run first. */
  readonly before?: readonly string[]
  /** Printed elsewhere, and run after each `kubectl apply`. */
  readonly afterApply?: readonly string[]
}

export async function runReadme(
  { podman }: World,
  control: Control,
  overlay: string,
  { skip, before = [], afterApply = [] }: ReadmeOptions,
): Promise<readonly RanCommand[]> {
  const readme = readFileSync(join(ROOT, 'deploy/overlays', overlay, 'README.md'), 'utf8')
  const commands = commandsOf(readme).filter(({ command }) => !skip.test(command))
  const folder = mkdtempSync(join(podman.folder, 'readme-'))
  writeStandIns(folder, control.socket)
  const here = (command: string) => withWait(command.replaceAll('/tmp/', `${folder}/`), control)
  const script = [
    `cd '${ROOT}'; PATH='${folder}':$PATH; trap 'kill $(jobs -p) 2>/dev/null' EXIT`,
    ...before.flatMap(here),
    ...commands.flatMap(({ command }, at) => [
      `echo; echo '${MARK} ${at}'`,
      ...here(command),
      `code=$?; echo; echo "${MARK}-code $code"`,
      ...(command.startsWith('kubectl apply') ? afterApply.flatMap(here) : []),
    ]),
  ]
  const file = join(folder, 'script.sh')
  writeFileSync(file, script.join('\n'))
  const { stdout } = await podman.run('bash', '-c', `bash '${file}' 2>&1`)
  return commands.map((printed, at) => ({ ...printed, ...resultOf(stdout, at) }))
}

/** A command that stays has opened its port when the next one runs. */
function withWait(command: string, control: Control): readonly string[] {
  const [, port] = /port-forward \S+ (\d+):\d+ &$/.exec(command) ?? []
  if (port === undefined) return [command]
  const ready = control.readyFile(port)
  return [
    `rm -f '${ready}'`,
    command,
    `for _ in $(seq 100); do [ -e '${ready}' ] && break; sleep 0.1; done; [ -e '${ready}' ]`,
  ]
}

function writeStandIns(folder: string, socket: string): void {
  for (const program of ['kubectl', 'minikube']) {
    const file = join(folder, program)
    const script = join(import.meta.dirname, 'stand-in.ts')
    writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${script}' '${socket}' ${program} "$@"\n`)
    chmodSync(file, 0o755)
  }
}

function resultOf(stdout: string, at: number): { readonly code: number; readonly output: string } {
  const [, after = ''] = stdout.split(`\n${MARK} ${at}\n`)
  const [output = '', code = ''] = after.split(`\n${MARK}-code `)
  return { output, code: Number.parseInt(code, 10) }
}
