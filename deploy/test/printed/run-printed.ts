// Runs printed commands in one shell, in the room, with stand-ins for kubectl and minikube.
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../cluster/world.ts'
import { ROOT } from '../read-manifests.ts'
import type { Control } from './control.ts'
import type { PrintedCommand } from './readme-commands.ts'

export interface RanCommand extends PrintedCommand {
  readonly code: number
  readonly output: string
}

const MARK = '=====command'

export interface PrintedOptions {
  /** Commands that are not run. */
  readonly skip: RegExp
  /** Printed elsewhere, and run first. */
  readonly before?: readonly string[]
  /** Printed elsewhere, and run after the first `kubectl apply`. */
  readonly afterApply?: readonly string[]
}

/** Runs all in one shell, whose certs/ and /etc/hosts are its own. */
export async function runPrinted(
  { podman }: World,
  control: Control,
  printed: readonly PrintedCommand[],
  { skip, before = [], afterApply = [] }: PrintedOptions,
): Promise<readonly RanCommand[]> {
  const commands = printed.filter(({ command }) => !skip.test(command))
  const folder = mkdtempSync(join(podman.folder, 'printed-'))
  writeStandIns(folder, control.socket)
  const firstApply = commands.findIndex(({ command }) => command.startsWith('kubectl apply'))
  const here = (command: string) => withWait(command.replaceAll('/tmp/', `${folder}/`), control)
  const script = [
    ...ownPlaces(folder),
    ...before.flatMap(here),
    ...commands.flatMap(({ command }, at) => [
      `echo; echo '${MARK} ${at}'`,
      ...here(command),
      `code=$?; echo; echo "${MARK}-code $code"`,
      ...(at === firstApply ? afterApply.flatMap(here) : []),
    ]),
  ]
  const file = join(folder, 'script.sh')
  writeFileSync(file, script.join('\n'))
  const { stdout } = await podman.run('bash', '-c', `bash '${file}' 2>&1`)
  return commands.map((command, at) => ({ ...command, ...resultOf(stdout, at) }))
}

/** Where the commands write, laid over for the time of the shell; the room's mounts are seen by nobody else. */
function ownPlaces(folder: string): readonly string[] {
  const [certs, hosts] = [join(ROOT, 'certs'), '/etc/hosts']
  return [
    `cd '${ROOT}'; PATH='${folder}':$PATH`,
    `mkdir '${folder}/certs'; cp certs/*.ts '${folder}/certs'; cp ${hosts} '${folder}/hosts'`,
    `mount --bind '${folder}/certs' '${certs}'; mount --bind '${folder}/hosts' ${hosts}`,
    `trap 'kill $(jobs -p) 2>/dev/null; umount ${hosts}; umount "${certs}"' EXIT`,
  ]
}

/** A command that stays has opened its port when the next one runs. */
function withWait(command: string, control: Control): readonly string[] {
  const [, port] = /port-forward \S+ (\d+):\d+ &$/.exec(command) ?? []
  if (port === undefined) return [command]
  const ready = control.readyFile(port)
  return [
    `rm -f '${ready}'`,
    command,
    `for _ in $(seq 600); do [ -e '${ready}' ] && break; sleep 0.1; done; [ -e '${ready}' ]`,
  ]
}

function writeStandIns(folder: string, socket: string): void {
  for (const program of ['kubectl', 'minikube']) {
    const file = join(folder, program)
    const script = join(import.meta.dirname, 'stand-in.ts')
    writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${script}' '${socket}' ${program} "$@"\n`)
    chmodSync(file, 0o755)
  }
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 })
}

function resultOf(stdout: string, at: number): { readonly code: number; readonly output: string } {
  const [, after = ''] = stdout.split(`\n${MARK} ${at}\n`)
  const [output = '', code = ''] = after.split(`\n${MARK}-code `)
  return { output, code: Number.parseInt(code, 10) }
}
