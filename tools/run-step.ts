import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface StepResult {
  readonly ok: boolean
  /** Everything it printed, to both streams, in order. */
  readonly output: string
  readonly seconds: number
}

/**
 * Runs a command from the repository's root with this checkout's own tools first in PATH.
 * `live` shows its output as it comes; without it the output is only kept.
 */
export function runStep(
  command: string,
  args: readonly string[],
  options: { readonly live?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<StepResult> {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
        ...options.env,
      },
    })
    let output = ''
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const)
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (options.live === true) target.write(chunk)
      })
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ ok: code === 0, output, seconds: (performance.now() - from) / 1000 }),
    )
  })
}
