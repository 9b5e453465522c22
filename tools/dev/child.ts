// One process of the system: its log lines go on with its name in front, its last ones are kept for the reason when it fails.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AppPlan } from './plan-apps.ts'

export interface Child {
  readonly plan: AppPlan
  readonly pid: number | undefined
  /** Settles when the process is gone, with how it went: `exit code 1`, `killed by SIGKILL`. */
  readonly gone: Promise<string>
  isGone(): boolean
  /** The newest log lines, oldest first. */
  lastLines(): readonly string[]
  /** SIGTERM, and SIGKILL after `graceMs`. Resolves when the process is gone. */
  stop(graceMs: number): Promise<void>
  kill(signal: NodeJS.Signals): void
}

export interface ChildOptions {
  readonly root: string
  readonly fromSource: boolean
  readonly onLine: (name: string, line: string) => void
}

const KEPT_LINES = 400
const PARENT_WATCH = pathToFileURL(join(import.meta.dirname, 'parent-watch.ts')).href

export function startChild(plan: AppPlan, options: ChildOptions): Child {
  const child = spawn(process.execPath, [...nodeArguments(plan, options), ...plan.args], {
    cwd: options.root,
    env: { ...inherited(), ...plan.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: Ctrl-C reaches the starter alone, which then stops the parts in order.
    detached: true,
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      if (lines.push(line) > KEPT_LINES) lines.shift()
      options.onLine(plan.name, line)
    })
  }

  let how: string | undefined
  const gone = new Promise<string>((resolve) => {
    // 'close' comes after the last line was read, 'exit' may come before.
    child.on('close', (code, signal) =>
      resolve((how = signal ? `killed by ${signal}` : `exit code ${code ?? '?'}`)),
    )
    child.on('error', (error) => resolve((how = error.message)))
  })

  return {
    plan,
    pid: child.pid,
    gone,
    isGone: () => how !== undefined,
    lastLines: () => lines,
    kill: (signal) => void child.kill(signal),
    async stop(graceMs) {
      if (how !== undefined) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await gone
      clearTimeout(timer)
    },
  }
}

function nodeArguments({ folder }: AppPlan, { root, fromSource }: ChildOptions): string[] {
  const main = fromSource
    ? ['--conditions=@postern/source', join(root, folder, 'src/main.ts')]
    : [join(root, folder, 'dist/main.js')]
  return ['--import', PARENT_WATCH, ...main]
}

/** The environment without what belongs to npm or to a test run. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|JEST_|NODE_ENV$|E2E)/.test(name)),
  )
}
