import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { ResponseRate } from '@postern/routing-table'
import { PacedQueue } from './paced-queue.ts'

const bytes = (length: number): Uint8Array => new Uint8Array(length)

/** A queue whose sink writes down how much left at which millisecond. */
function queueAt(rate: ResponseRate) {
  const log: string[] = []
  const begin = Date.now()
  const at = (what: string | number): void =>
    void log.push(`${String(Date.now() - begin)} ms: ${String(what)}`)
  let hasRoom = true
  const queue = new PacedQueue(rate, {
    write: ({ length }) => {
      at(length)
      return hasRoom
    },
    emptied: () => at('emptied'),
  })
  return { queue, log, at, setRoom: (room: boolean): void => void (hasRoom = room) }
}

describe('a paced queue', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  test('sends a tenth of a second’s worth and waits for a tenth of a second', () => {
    const { queue, log, at } = queueAt({ bytesPerSecond: 1_000, afterBytes: 0 })
    queue.push(bytes(250))
    queue.end(() => at('finished'))
    jest.runAllTimers()
    expect(log).toEqual(['0 ms: 100', '100 ms: 100', '200 ms: 50', '200 ms: finished'])
  })
  test('what comes before `afterBytes` leaves at once', () => {
    const { queue, log } = queueAt({ bytesPerSecond: 1_000, afterBytes: 150 })
    queue.push(bytes(120))
    queue.push(bytes(120))
    jest.runAllTimers()
    expect(log).toEqual(['0 ms: 120', '0 ms: 30', '0 ms: 90', '90 ms: emptied'])
  })
  test('a source that pauses gains nothing by it', () => {
    const { queue, log } = queueAt({ bytesPerSecond: 1_000, afterBytes: 0 })
    queue.push(bytes(100))
    jest.advanceTimersByTime(50)
    queue.push(bytes(50))
    expect(queue.wantsMore).toBe(false)
    jest.advanceTimersByTime(10_000)
    queue.push(bytes(150))
    jest.runAllTimers()
    expect(log).toEqual([
      '0 ms: 100',
      '100 ms: 50',
      '150 ms: emptied',
      '10050 ms: 100',
      '10150 ms: 50',
      '10200 ms: emptied',
    ])
  })
  test('a sink without room holds it back; the source is asked for more once it has gone on', () => {
    const { queue, log, setRoom } = queueAt({ bytesPerSecond: 1_000, afterBytes: 0 })
    setRoom(false)
    queue.push(bytes(150))
    jest.advanceTimersByTime(500)
    expect(log).toEqual(['0 ms: 100'])
    setRoom(true)
    queue.resume()
    jest.runAllTimers()
    expect(log.slice(1)).toEqual(['500 ms: 50', '550 ms: emptied'])
  })
  test('an empty body is finished at once', () => {
    const { queue, log, at } = queueAt({ bytesPerSecond: 1_000, afterBytes: 0 })
    queue.end(() => at('finished'))
    expect(log).toEqual(['0 ms: finished'])
  })
  test('once it is stopped nothing leaves', () => {
    const { queue, log, at } = queueAt({ bytesPerSecond: 1_000, afterBytes: 0 })
    queue.push(bytes(1_000))
    queue.end(() => at('finished'))
    queue.stop()
    jest.runAllTimers()
    queue.resume()
    expect(log).toEqual(['0 ms: 100'])
    expect(jest.getTimerCount()).toBe(0)
  })
  test('the bytes are the same, in order', () => {
    const sent: number[] = []
    const queue = new PacedQueue(
      { bytesPerSecond: 70, afterBytes: 11 },
      { write: (some) => sent.push(...some) > 0, emptied: () => undefined },
    )
    const body = Array.from({ length: 100 }, (_, i) => i)
    for (let i = 0; i < 100; i += 23) queue.push(Buffer.from(body.slice(i, i + 23)))
    jest.runAllTimers()
    expect(sent).toEqual(body)
  })
})
