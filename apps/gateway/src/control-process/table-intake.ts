import type { RoutingTable } from '@postern/routing-table'
import type { Log } from '../log.ts'
import { messageOf } from './control-run.ts'
import { ReceivedTable } from './received-table.ts'
import type { TableMessage } from './table-message.ts'

export interface TableIntakeOptions {
  readonly publish: (table: RoutingTable) => void
  /** Called with what each table was made from, after it was published. */
  readonly relay?: (message: TableMessage) => void
  readonly log: Log
  /** A message cannot be made a table: it was meant for another one than the one here. */
  readonly lost: (problem: string) => void
}

/** Makes tables of what a control process tells, one after the other, and publishes them. */
export class TableIntake {
  readonly #options: TableIntakeOptions
  readonly #table = new ReceivedTable()
  readonly #first = Promise.withResolvers<void>()
  #hasTable = false
  #taking: Promise<void> = Promise.resolve()
  /** Messages of the same line are made one for the other. */
  #line = 0

  constructor(options: TableIntakeOptions) {
    this.#options = options
    // Whoever starts it waits for this; until then nobody has to.
    this.#first.promise.catch(() => undefined)
  }

  /** Resolves with the first table. */
  get first(): Promise<void> {
    return this.#first.promise
  }

  get hasTable(): boolean {
    return this.#hasTable
  }

  whole(): TableMessage {
    return this.#table.whole()
  }

  /** Whoever sends from now on knows nothing of the table that is here. */
  restart(): void {
    this.#taking = this.#taking.then(() => this.#table.restart())
  }

  // One after the other: a message is made for the table that the one before it makes.
  take(message: TableMessage): void {
    const line = this.#line
    this.#taking = this.#taking.then(async () => {
      if (line !== this.#line) return
      try {
        const table = await this.#table.receive(message)
        if (table !== undefined) this.#publish(table, message)
        this.#hasTable = true
        this.#first.resolve()
      } catch (error) {
        this.#line += 1
        this.#options.lost(messageOf(error))
      }
    })
  }

  /** There will be no first table. */
  giveUp(error: Error): void {
    this.#first.reject(error)
  }

  #publish(table: RoutingTable, message: TableMessage): void {
    const { publish, relay, log } = this.#options
    try {
      publish(table)
    } catch (error) {
      if (!this.#hasTable) throw error
      const { revision } = table
      log.error('a table cannot be used: the last one stays', { revision, problem: messageOf(error) })
    }
    relay?.(message)
  }
}
