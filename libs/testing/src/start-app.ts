import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { keepOutput } from './test-logs.ts'
import { until } from './until.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** Ends the app when this process is gone, by whatever signal: a killed test leaves no process and no port behind. */
const PARENT_WATCH = pathToFileURL(join(ROOT, 'tools/dev/parent-watch.ts')).href

/** Which app to start, and how. */
export interface StartAppOptions {
  /** Folder of the app from the repository's root, for example `apps/hello`. */
  readonly folder: string
  /** Added to an environment that holds PATH, HOME and free loopback ports; nothing else of this process leaks in. */
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** The working folder; the repository's root unless given. */
  readonly cwd?: string
}

/** An app that runs as a process of its own. */
export interface AppProcess {
  /** Where it answers, for example `http://127.0.0.1:41234`; empty when it ended before it listened. */
  readonly url: string
  /** Where its probes answer. */
  readonly healthUrl: string
  readonly pid: number
  /** Everything it wrote so far to standard output and standard error. */
  output(): string
  /** Sends a message to what a test loaded into the app beside it; the app itself listens to none. */
  send(message: string): void
  /** Resolves with the exit code when the process ends; null when a signal ended it. */
  readonly ended: Promise<number | null>
  /** Sends the signal, SIGTERM unless given, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts an app from its source and waits until it listens; throws with its output when it ends before. */
export async function startApp(options: StartAppOptions): Promise<AppProcess> {
  const app = spawnApp(options)
  let over = false
  const exit = app.ended.then((code) => {
    over = true
    return `ended with exit code ${code}`
  })
  const listening = until(`${options.folder} listens`, () => over || app.url !== '', 30_000).then(
    () => 'listening',
  )
  const first = await Promise.race([exit, listening]).catch(async (error: unknown) => {
    await app.stop('SIGKILL')
    throw new Error(`${String(error)}; its output:\n${app.output()}`)
  })
  if (first !== 'listening')
    throw new Error(`${options.folder} ${first} before it listened:\n${app.output()}`)
  return app
}

/** Starts an app that is expected to refuse its settings, and waits for its end. */
export async function runApp(options: StartAppOptions): Promise<{ code: number | null; output: string }> {
  const app = spawnApp(options)
  return { code: await app.ended, output: app.output() }
}

function spawnApp({ folder, env = {}, args = [], cwd = ROOT }: StartAppOptions): AppProcess {
  const { PATH = '', HOME = '' } = process.env
  const main = join(ROOT, folder, 'src/main.ts')
  const child = spawn(
    process.execPath,
    ['--import', PARENT_WATCH, '--conditions=@postern/source', main, ...args],
    {
      cwd,
      env: { PATH, HOME, HOST: '127.0.0.1', PORT: '0', HEALTH_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  )
  keepOutput(folder, child)
  const read = collectOutput(child)
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    get url() {
      return addressIn(read(), 'HTTP')
    },
    get healthUrl() {
      return addressIn(read(), 'Health')
    },
    pid: child.pid ?? 0,
    output: read,
    send: (message) => {
      child.send(message)
    },
    ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
  }
}

function collectOutput(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  }
  return () => text
}

/** The lab's start-up lines tell the addresses, whatever the format of the log. */
function addressIn(output: string, listener: 'HTTP' | 'Health'): string {
  const address = new RegExp(`${listener} service listening on ([^\\s"]+)`).exec(output)?.[1]
  return address === undefined ? '' : `http://${address}`
}
