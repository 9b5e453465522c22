import { text } from 'node:stream/consumers'
import type { Worker } from 'node:worker_threads'
import type { ControlPlane, ControlPlaneOptions, Diagnostic } from '@postern/control-plane'
import type { Explanation } from '@postern/explain'
import type { RoutingTable } from '@postern/routing-table'
import type { Log } from '../log.ts'
import type { ControlThreadData, FromControl, ToControl } from './messages.ts'
import { Questions } from './questions.ts'
import { ReceivedTable } from './received-table.ts'
import { startThread } from './start-thread.ts'
import type { TableMessage } from './table-message.ts'

export interface ControlThreadOptions extends Pick<ControlPlaneOptions, 'publish' | 'report'> {
  readonly manifests: readonly string[]
  readonly settings: ControlThreadData['settings']
  readonly log: Log
  /** Where `-` is read from; the process's own by default. */
  readonly stdin?: NodeJS.ReadableStream
  readonly startThread?: (data: ControlThreadData) => Worker
  /** How long to wait before the n-th start in a row that brought no table; the first is 1. */
  readonly restartDelayMs?: (attempt: number) => number
}

/** The control plane, on a thread of its own. */
export interface ControlThread extends ControlPlane {
  /** What the admin port asks. @throws RangeError that says what is wrong with the question. */
  explain(query: URLSearchParams, httpsRedirectPort: number): Promise<Explanation>
}

/**
 * Runs the control plane on another thread: compiling costs the serving loop nothing but what changed. A thread that ends by
 * itself is started again; until it has a table, the last one stays.
 */
export function createControlThread(options: ControlThreadOptions): ControlThread {
  return new RestartingThread(options)
}

class RestartingThread implements ControlThread {
  readonly #options: ControlThreadOptions
  readonly #table = new ReceivedTable()
  readonly #questions = new Questions()
  readonly #first = Promise.withResolvers<void>()
  #data: ControlThreadData | undefined
  #worker: Worker | undefined
  #diagnostics: readonly Diagnostic[] = []
  #hasTable = false
  #attempt = 0
  #taking: Promise<void> = Promise.resolve()
  #problem: string | undefined
  #restart: NodeJS.Timeout | undefined
  #isStopping = false

  constructor(options: ControlThreadOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { manifests, settings, stdin = process.stdin } = this.#options
    // A thread has no standard input of its own, and one that is started again would find it empty.
    this.#data = { manifests, settings, ...(manifests.includes('-') && { stdin: await text(stdin) }) }
    if (!this.#isStopping) this.#run(this.#data)
    return this.#first.promise
  }

  refresh(): void {
    this.#tell({ kind: 'refresh' })
  }

  diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics
  }

  explain(query: URLSearchParams, httpsRedirectPort: number): Promise<Explanation> {
    if (this.#worker === undefined)
      return Promise.reject(new Error('the manifests are being read again: ask in a moment'))
    const { id, answer } = this.#questions.ask()
    this.#tell({ kind: 'explain', id, query: query.toString(), httpsRedirectPort })
    return answer
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#restart)
    await this.#worker?.terminate()
    this.#first.reject(new Error('stopped before there was a table'))
    // Whoever waits for the first table was told; nobody has to.
    this.#first.promise.catch(() => undefined)
  }

  #tell(message: ToControl): void {
    this.#worker?.postMessage(message)
  }

  #run(data: ControlThreadData): void {
    const worker = (this.#options.startThread ?? startThread)(data)
    this.#problem = undefined
    this.#worker = worker
    this.#table.restart()
    worker.on('message', (message: FromControl) => {
      try {
        this.#hear(message)
      } catch (error) {
        this.#problem = messageOf(error)
        void worker.terminate()
      }
    })
    worker.on('error', (error) => (this.#problem = messageOf(error)))
    worker.on('exit', (code) => this.#ended(data, this.#problem ?? `it ended with code ${String(code)}`))
  }

  #hear(message: FromControl): void {
    switch (message.kind) {
      case 'findings':
        this.#diagnostics = message.diagnostics
        return this.#options.report(message.diagnostics)
      case 'table':
        return this.#take(message.message)
      case 'failed':
        throw new Error(message.message)
      case 'explained':
      case 'not-explained':
        return this.#questions.answered(message)
    }
  }

  // One after the other: a message is made for the table that the one before it makes.
  #take(message: TableMessage): void {
    const worker = this.#worker
    this.#taking = this.#taking.then(async () => {
      if (worker !== this.#worker) return
      try {
        const table = await this.#table.receive(message)
        if (table !== undefined) this.#publish(table)
      } catch (error) {
        this.#problem = messageOf(error)
        return void worker?.terminate()
      }
      this.#hasTable = true
      this.#attempt = 0
      this.#first.resolve()
    })
  }

  #publish(table: RoutingTable): void {
    try {
      this.#options.publish(table)
    } catch (error) {
      if (!this.#hasTable) throw error
      const { revision } = table
      this.#options.log.error('a table cannot be used: the last one stays', {
        revision,
        problem: messageOf(error),
      })
    }
  }

  #ended(data: ControlThreadData, problem: string): void {
    this.#worker = undefined
    this.#questions.giveUp(new Error('the control thread ended before it answered: ask again'))
    if (this.#isStopping) return
    if (!this.#hasTable) return this.#first.reject(new Error(problem))
    this.#attempt += 1
    const delayMs = (this.#options.restartDelayMs ?? backoff)(this.#attempt)
    this.#options.log.error('the control thread ended: the last table stays until it is up again', {
      problem,
      restartInMs: delayMs,
    })
    this.#restart = setTimeout(() => this.#run(data), delayMs)
  }
}

/** 1 s, doubled up to 30 s. */
function backoff(attempt: number): number {
  return Math.min(1_000 * 2 ** (attempt - 1), 30_000)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
