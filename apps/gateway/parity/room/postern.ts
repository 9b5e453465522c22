// `postern serve` as a child process, as a person starts it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@postern/testing'
import { keepOutput } from '@postern/testing/test-logs'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Postern extends AsyncDisposable {
  readonly http: number
  readonly https: number
  readonly admin: number
  /** Everything that it wrote, for the message of a failed test. */
  readonly output: () => string
}

/** Serves the manifests of `folder` on free ports; `flags` are added. */
export async function startPostern(folder: string, flags: readonly string[] = []): Promise<Postern> {
  const any = ['--http', '0', '--https', '0', '--admin', '0']
  const args = ['--conditions=@postern/source', MAIN, 'serve', '--manifests', folder, ...any, ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  keepOutput('postern', child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const gone = once(child, 'close')
  const line = await until(
    'postern is ready',
    () => {
      if (child.exitCode !== null) throw new Error(`postern did not start:\n${output}`)
      return /^\{"msg":"ready".*\}$/m.exec(output)?.[0]
    },
    30_000,
  )
  const ready = JSON.parse(line) as Readonly<Record<'http' | 'https' | 'admin', string>>
  const portOf = (address: string): number => Number(address.split(':').at(-1))
  return {
    http: portOf(ready.http),
    https: portOf(ready.https),
    admin: portOf(ready.admin),
    output: () => output,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await gone
    },
  }
}
