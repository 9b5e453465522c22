import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { expect, test } from '@jest/globals'
import { until } from '@postern/testing'
import { createLog } from '../log.ts'
import { Crew } from './crew.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

/** As much of a process as a crew sees: it serves at once, and dies when told. */
class FakeWorker extends EventEmitter {
  readonly connected = true
  readonly heard: ToWorker['kind'][] = []
  exitCode: number | null = null
  signalCode: string | null = null
  #isDead = false

  send({ kind }: ToWorker): void {
    this.heard.push(kind)
    if (kind === 'start') setImmediate(() => this.emit('message', { kind: 'ready' } satisfies ToPrimary))
    // As Node does where nobody waits for what becomes of a message.
    if (this.#isDead) process.nextTick(() => this.emit('error', new Error('write EPIPE')))
    else if (kind === 'stop') this.end('SIGTERM')
  }

  /** Gone, which its parent has not heard of. */
  die(): void {
    this.#isDead = true
  }

  end(signal: string): void {
    this.signalCode = signal
    this.emit('exit', null, signal)
  }
}

test('a worker that dies as tables are sent takes nobody along, and another one comes', async () => {
  const workers: FakeWorker[] = []
  const logged: string[] = []
  const crew = new Crew({
    size: 2,
    log: createLog({
      format: 'json',
      level: 'info',
      write: (line) => logged.push((JSON.parse(line) as { msg: string }).msg),
      now: () => new Date(0),
    }),
    startMessage: () => ({ kind: 'start' }) as ToWorker,
    restartDelayMs: () => 0,
    startWorker: () => {
      const worker = new FakeWorker()
      workers.push(worker)
      return worker as unknown as ChildProcess
    },
  })
  await crew.start()
  const [first, second] = workers
  first?.die()
  for (let table = 0; table < 2; table++) crew.tellAll({ kind: 'table' } as ToWorker)
  // In the next tick it is told that both failed.
  await new Promise((resolve) => setImmediate(resolve))
  first?.end('SIGKILL')
  await until('another one serves', () => logged.includes('a worker serves again'))
  expect(workers).toHaveLength(3)
  expect(second?.heard).toEqual(['start', 'table', 'table'])
  await crew.stop()
})
