import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { ControlProcessData, FromControl, ToControl } from './messages.ts'

/** Who hears of a control process. */
export interface Listening {
  /** What it says. When this throws, the process is ended for that reason. */
  hear(message: FromControl): void
  /** Once, when it ended or could not be started, with why. */
  ended(problem: string): void
}

/** One control process from its start to its end. */
export class ControlRun {
  readonly #child: ChildProcess
  readonly #listening: Listening
  #problem: string | undefined
  #isOver = false

  constructor(child: ChildProcess, data: ControlProcessData, listening: Listening) {
    this.#child = child
    this.#listening = listening
    child.on('message', (message: FromControl) => {
      if (this.#isOver) return
      try {
        listening.hear(message)
      } catch (error) {
        this.fail(messageOf(error))
      }
    })
    child.on('error', (error) => {
      this.#problem = messageOf(error)
      // What could not be started does not exit either.
      if (child.pid === undefined) this.#end(this.#problem)
    })
    child.on('exit', (code, signal) => this.#end(this.#problem ?? endingOf(code, signal)))
    this.tell({ kind: 'start', data })
  }

  tell(message: ToControl): void {
    if (this.#child.connected) this.#child.send(message)
  }

  /** Ends it, which is told with this reason. */
  fail(problem: string): void {
    this.#problem = problem
    void kill(this.#child)
  }

  /** Ends it; nothing that it says or does counts any more. Fulfilled when it is gone. */
  async letGo(): Promise<void> {
    this.#isOver = true
    await kill(this.#child)
  }

  #end(problem: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listening.ended(problem)
  }
}

/** How long to wait before the n-th start in a row, in ms: 1 s, doubled up to 30 s. */
export function backoff(attempt: number): number {
  return Math.min(1_000 * 2 ** (attempt - 1), 30_000)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function endingOf(code: number | null, signal: string | null): string {
  if (signal === null) return `it ended with code ${String(code)}`
  // V8 aborts where its heap ends, the system kills where all memory does.
  const isShort = signal === 'SIGABRT' || signal === 'SIGKILL'
  return `it ended with ${signal}${isShort ? ', as for lack of memory: give the gateway more, or fewer manifests' : ''}`
}

/** It has nothing that is worth waiting for. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
