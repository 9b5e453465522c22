import { text } from 'node:stream/consumers'
import type { ChildProcess } from 'node:child_process'
import {
  watchAtRest,
  type ControlPlane,
  type ControlPlaneOptions,
  type Diagnostic,
} from '@postern/control-plane'
import type { Explanation } from '@postern/explain'
import type { Log } from '../log.ts'
import { backoff, ControlRun } from './control-run.ts'
import type { ControlProcessData, FromControl } from './messages.ts'
import { Questions } from './questions.ts'
import { SleepTimer } from './sleep-timer.ts'
import { startProcess } from './start-process.ts'
import { TableIntake } from './table-intake.ts'
import type { TableMessage } from './table-message.ts'

export interface ControlProcessOptions extends Pick<ControlPlaneOptions, 'publish' | 'report'> {
  readonly manifests: readonly string[]
  readonly settings: ControlProcessData['settings']
  readonly log: Log
  /** Called with what each table was made from, after it was published: for processes that serve the same. */
  readonly relay?: (message: TableMessage) => void
  /** Where `-` is read from; the process's own by default. */
  readonly stdin?: NodeJS.ReadableStream
  readonly startProcess?: () => ChildProcess
  /** How long to wait before the n-th start in a row that brought no table; the first is 1. */
  readonly restartDelayMs?: (attempt: number) => number
  /** How long the process stays after the last change or question, by how long it took to read everything; 10 s at least by default. */
  readonly sleepDelayMs?: (wakingMs: number) => number
}

/** The control plane, in a process of its own. */
export interface ControlProcess extends Omit<ControlPlane, 'compiled'> {
  /** What the admin port asks. @throws RangeError that says what is wrong with the question. */
  explain(query: URLSearchParams, httpsRedirectPort: number): Promise<Explanation>
  /** The table in use as a message to somebody who has none. */
  whole(): TableMessage
}

/**
 * Runs the control plane on another process: compiling costs the serving loop nothing but what changed. A process that nobody
 * needs any more ends, and gives back all that it knew of the manifests; the next change or question starts one that goes on
 * from there. A process that ends by itself is started again; until it has a table, the last one stays.
 */
export function createControlProcess(options: ControlProcessOptions): ControlProcess {
  return new RestartingProcess(options)
}

const HOUR_MS = 3_600_000

type Sleep = Extract<FromControl, { kind: 'asleep' }>

class RestartingProcess implements ControlProcess {
  readonly #options: ControlProcessOptions
  readonly #intake: TableIntake
  readonly #questions = new Questions()
  readonly #sleepTimer: SleepTimer
  #data: ControlProcessData | undefined
  #current: ControlRun | undefined
  #watch: { close(): void } | undefined
  #slept: Sleep | undefined
  #diagnostics: readonly Diagnostic[] = []
  #attempt = 0
  #restart: NodeJS.Timeout | undefined
  #isStopping = false

  constructor(options: ControlProcessOptions) {
    this.#options = options
    this.#intake = new TableIntake({ ...options, lost: (problem) => this.#lose(problem) })
    this.#sleepTimer = new SleepTimer(() => this.#current?.tell({ kind: 'sleep' }), options.sleepDelayMs)
  }

  async start(): Promise<void> {
    const { manifests, settings, stdin = process.stdin } = this.#options
    // A process has no standard input of its own, and one that is started again would find it empty.
    this.#data = { manifests, settings, ...(manifests.includes('-') && { stdin: await text(stdin) }) }
    if (!this.#isStopping) this.#run(this.#data)
    // The first table may have to wait for somebody to write a manifest, and nothing listens that would keep this process.
    const stay = setInterval(() => undefined, HOUR_MS)
    return this.#intake.first.finally(() => clearInterval(stay))
  }

  refresh(): void {
    this.#wake()
    this.#current?.tell({ kind: 'refresh' })
  }

  diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics
  }

  whole(): TableMessage {
    return this.#intake.whole()
  }

  explain(query: URLSearchParams, httpsRedirectPort: number): Promise<Explanation> {
    this.#wake()
    if (this.#current === undefined)
      return Promise.reject(new Error('the manifests are being read again: ask in a moment'))
    const { id, answer } = this.#questions.ask()
    this.#current.tell({ kind: 'explain', id, query: query.toString(), httpsRedirectPort })
    this.#sleepTimer.touch()
    return answer
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#restart)
    this.#watch?.close()
    this.#sleepTimer.stop()
    await this.#current?.letGo()
    this.#questions.giveUp(new Error('the gateway stops'))
    this.#intake.giveUp(new Error('stopped before there was a table'))
  }

  /** A process that sleeps is started again where the last one stopped. */
  #wake(): void {
    const slept = this.#slept
    if (slept === undefined || this.#data === undefined || this.#isStopping) return
    this.#watch?.close()
    this.#slept = undefined
    this.#run({ ...this.#data, told: slept.told, remembered: slept.remembered })
  }

  #run(data: ControlProcessData): void {
    if (data.told === undefined) this.#intake.restart()
    this.#sleepTimer.start()
    this.#current = new ControlRun((this.#options.startProcess ?? startProcess)(), data, {
      hear: (message) => this.#hear(message),
      ended: (problem) => this.#ended(problem),
    })
  }

  #hear(message: FromControl): void {
    switch (message.kind) {
      case 'findings':
        this.#diagnostics = message.diagnostics
        return this.#options.report(message.diagnostics)
      case 'table':
        this.#sleepTimer.touch()
        return this.#intake.take(message.message)
      case 'read':
        this.#attempt = 0
        return this.#sleepTimer.read()
      case 'asleep':
        return this.#fallAsleep(message)
      case 'awake':
        return this.#sleepTimer.touch()
      case 'failed':
        throw new Error(message.message)
      case 'explained':
      case 'not-explained':
        return this.#questions.answered(message)
    }
  }

  /** What the process believes to be here is not: nothing that it says counts, and another one begins anew. */
  #lose(problem: string): void {
    this.#slept = undefined
    this.#watch?.close()
    if (this.#current === undefined) this.#ended(problem)
    else this.#current.fail(problem)
  }

  #fallAsleep(sleep: Sleep): void {
    const awake = this.#current
    if (this.#questions.areOpen || awake === undefined) return this.#sleepTimer.touch()
    this.#current = undefined
    this.#slept = sleep
    this.#sleepTimer.stop()
    this.#watch = watchAtRest(this.#options.manifests, sleep.resting, () => this.#wake())
    // What it still says does not count: whoever watches sees what it may just have seen.
    void awake.letGo()
  }

  #ended(problem: string): void {
    this.#current = undefined
    this.#sleepTimer.stop()
    this.#questions.giveUp(new Error('the control process ended before it answered: ask again'))
    if (this.#isStopping) return
    if (!this.#intake.hasTable) return this.#intake.giveUp(new Error(problem))
    this.#attempt += 1
    const delayMs = (this.#options.restartDelayMs ?? backoff)(this.#attempt)
    this.#options.log.error('the control process ended: the last table stays until it is up again', {
      problem,
      restartInMs: delayMs,
    })
    this.#restart = setTimeout(() => this.#data && this.#run(this.#data), delayMs)
  }
}
