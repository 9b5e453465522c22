import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Log } from '../log.ts'
import type { ShownPage, ToPrimary, ToWorker } from './messages.ts'
import { watchLife } from './watch-life.ts'

export interface CrewOptions {
  readonly size: number
  readonly log: Log
  /** What a worker is started with. */
  readonly startMessage: (isSpokesman: boolean) => ToWorker
  /** How long to wait before the n-th start in a row of one that does not stay; the first is 1. */
  readonly restartDelayMs?: (attempt: number) => number
  readonly startWorker?: () => ChildProcess
  /** How often each worker is asked for a sign of life. */
  readonly beatMs?: number
}

// Who served that long was not ended by what ended the one before.
const STAYED_MS = 60_000

/** Workers that share the ports. One that ends by itself, or hangs, is started again; the others serve meanwhile. */
export class Crew {
  readonly #options: CrewOptions
  readonly #places: Place[]
  #isStopping = false
  #lastId = 0

  constructor(options: CrewOptions) {
    this.#options = options
    this.#places = Array.from({ length: options.size }, (_, index) => ({ index, attempt: 0 }))
  }

  /** Resolves when every worker serves; rejects with the reason of the first that cannot. */
  async start(): Promise<void> {
    await Promise.all(this.#places.map((place) => this.#fill(place)))
  }

  tellAll(message: ToWorker): void {
    for (const child of this.#serving()) child.send(message)
  }

  /** The page of each worker that serves. */
  show(page: ShownPage): Promise<readonly string[]> {
    return Promise.all(this.#serving().map((child) => this.#showOne(child, page)))
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const gone = this.#places.map(({ child, restart }) => {
      clearTimeout(restart)
      return child?.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    })
    this.tellAll({ kind: 'stop' })
    await Promise.all(gone)
  }

  #serving(): ChildProcess[] {
    return this.#places.flatMap(({ child }) => (child?.connected === true ? [child] : []))
  }

  async #fill(place: Place): Promise<void> {
    const child = (this.#options.startWorker ?? forkWorker)()
    place.child = child
    // What is sent to one that has just died fails (EPIPE) before its end is known. That comes next; nothing else has to be
    // done, and it must not take the others along.
    child.on('error', () => undefined)
    child.send(this.#options.startMessage(place.index === 0))
    const [first] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [
      ToPrimary | number | null,
    ]
    if (typeof first === 'number' || first === null)
      throw new Error(`a worker ended while it started, with code ${String(first)}`)
    if (first.kind === 'failed') throw new Error(first.message)
    const since = performance.now()
    const ended = (code: number | null, signal: string | null): void => {
      if (performance.now() - since > STAYED_MS) place.attempt = 0
      this.#refill(place, signal ?? `code ${String(code)}`)
    }
    if (child.exitCode !== null || child.signalCode !== null) ended(child.exitCode, child.signalCode)
    else {
      child.once('exit', ended)
      watchLife(child, () => this.#endHanging(place, child), this.#options.beatMs)
    }
  }

  #endHanging({ index }: Place, child: ChildProcess): void {
    this.#options.log.error('a worker does not answer: it is ended', { worker: index })
    child.kill('SIGKILL')
  }

  #refill(place: Place, reason: string): void {
    if (this.#isStopping) return
    place.attempt += 1
    const delayMs = (this.#options.restartDelayMs ?? backoff)(place.attempt)
    const facts = { worker: place.index, reason, restartInMs: delayMs }
    this.#options.log.error('a worker ended by itself: the others serve until it is up again', facts)
    place.restart = setTimeout(() => {
      this.#fill(place).then(
        () => this.#options.log.info('a worker serves again', { worker: place.index }),
        (error: unknown) => {
          place.child?.kill('SIGKILL')
          this.#refill(place, error instanceof Error ? error.message : String(error))
        },
      )
    }, delayMs)
  }

  #showOne(child: ChildProcess, page: ShownPage): Promise<string> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        child.off('message', onMessage).off('exit', onExit)
        act()
      }
      const onMessage = (message: ToPrimary): void => {
        if (message.kind === 'shown' && message.id === id) settle(() => resolve(message.text))
      }
      const onExit = (): void => settle(() => reject(new Error('the worker ended before it answered')))
      child.on('message', onMessage).once('exit', onExit)
      child.send({ kind: 'show', page, id } satisfies ToWorker)
    })
  }
}

/** A place in the crew, and who fills it. */
interface Place {
  readonly index: number
  child?: ChildProcess
  /** Starts in a row that did not last. */
  attempt: number
  restart?: NodeJS.Timeout
}

function forkWorker(): ChildProcess {
  return fork(process.argv[1] ?? '', ['worker'], { serialization: 'advanced' })
}

/** 0.1 s, doubled up to 30 s. */
function backoff(attempt: number): number {
  return Math.min(100 * 2 ** (attempt - 1), 30_000)
}
