import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { expect, test } from '@jest/globals'
import { until } from '@postern/testing'
import { createLog } from '../log.ts'
import { Crew, type CrewOptions } from './crew.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

/** As much of a process as a crew sees: it serves at once, and dies when told. */
class FakeWorker extends EventEmitter {
  readonly connected = true
  readonly heard: ToWorker['kind'][] = []
  exitCode: number | null = null
  signalCode: string | null = null
  #isDead = false
  #hangs = false

  send({ kind }: ToWorker): void {
    this.heard.push(kind)
    if (kind === 'start') setImmediate(() => this.emit('message', { kind: 'ready' } satisfies ToPrimary))
    // As Node does where nobody waits for what becomes of a message.
    if (this.#isDead) process.nextTick(() => this.emit('error', new Error('write EPIPE')))
    else if (kind === 'stop') this.end('SIGTERM')
    else if (kind === 'ping' && !this.#hangs) this.emit('message', { kind: 'pong' } satisfies ToPrimary)
  }

  /** Gone, which its parent has not heard of. */
  die(): void {
    this.#isDead = true
  }

  hang(): void {
    this.#hangs = true
  }

  kill(signal: string): void {
    this.end(signal)
  }

  end(signal: string): void {
    this.signalCode = signal
    this.emit('exit', null, signal)
  }
}

function crewOf(size: number, options: Partial<CrewOptions> = {}) {
  const workers: FakeWorker[] = []
  const logged: string[] = []
  const write = (line: string) => void logged.push((JSON.parse(line) as { msg: string }).msg)
  const crew = new Crew({
    size,
    log: createLog({ format: 'json', level: 'info', write, now: () => new Date(0) }),
    startMessage: () => ({ kind: 'start' }) as ToWorker,
    restartDelayMs: () => 0,
    startWorker: () => {
      const worker = new FakeWorker()
      workers.push(worker)
      return worker as unknown as ChildProcess
    },
    ...options,
  })
  return { crew, workers, logged }
}

test('a worker that dies as tables are sent takes nobody along, and another one comes', async () => {
  const { crew, workers, logged } = crewOf(2)
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

test('a worker that hangs is ended, and another one comes', async () => {
  const { crew, workers, logged } = crewOf(2, { beatMs: 1 })
  await crew.start()
  const [first, second] = workers
  first?.hang()
  await until('another one serves', () => logged.includes('a worker serves again'))
  expect(logged).toEqual([
    'a worker does not answer: it is ended',
    'a worker ended by itself: the others serve until it is up again',
    'a worker serves again',
  ])
  expect(first?.signalCode).toBe('SIGKILL')
  expect(second?.signalCode).toBeNull()
  await crew.stop()
})
