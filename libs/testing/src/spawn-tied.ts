import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { keepOutput } from './test-logs.ts'

const END_WITH_STARTER = join(import.meta.dirname, 'end-with-starter.ts')

/** A program that must not outlive the test that starts it. */
export interface TiedProgram {
  /** For the kept log. */
  readonly name: string
  readonly command: readonly string[]
  readonly cwd?: string
  /** What ends the program in order when the test is killed. */
  readonly endSignal: NodeJS.Signals
}

/** Starts a program as the child of a small process that ends it when this one is gone; signals to that process reach the program. */
export function spawnTied({ name, command, cwd, endSignal }: TiedProgram): ChildProcess {
  const child = spawn(process.execPath, [END_WITH_STARTER, endSignal, ...command], {
    // The environment of a test must not lead the servers that it starts.
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  })
  keepOutput(name, child)
  // Nobody else may read them, and a full pipe would stop the program.
  child.stdout.resume()
  child.stderr.resume()
  return child
}
