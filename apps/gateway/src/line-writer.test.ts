import { expect, jest, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { CHUNK_BYTES, LineWriter, MAX_CHUNKS } from './line-writer.ts'

/** A target that says when it is done. */
class Slow {
  readonly writes: string[] = []
  #done: ((error?: Error) => void)[] = []

  write(bytes: Uint8Array, done: (error?: Error | null) => void): void {
    this.writes.push(Buffer.from(bytes).toString())
    this.#done.push(done)
  }

  /** The oldest write has left. */
  finish(error?: Error): void {
    this.#done.shift()?.(error)
  }

  get text(): string {
    return this.writes.join('')
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('the lines of one turn of the event loop leave in one write', async () => {
  const target = new Slow()
  const out = new LineWriter(target)
  out.put('a\n')
  out.put('é€\n')
  expect(target.writes).toEqual([])
  await turn()
  expect(target.writes).toEqual(['a\né€\n'])
})

test('a gathered line waits for others until the buffer is full', () => {
  const target = new Slow()
  const out = new LineWriter(target)
  const line = `${'x'.repeat(1023)}\n`
  for (let i = 0; i < 64; i++) out.gather(line)
  expect(target.writes).toEqual([])
  out.gather(line)
  expect(target.text).toBe(line.repeat(64))
})

test('or until its time is over', () => {
  jest.useFakeTimers()
  try {
    const target = new Slow()
    const out = new LineWriter(target)
    out.gather('a\n')
    jest.advanceTimersByTime(50)
    out.gather('b\n')
    expect(target.writes).toEqual([])
    jest.advanceTimersByTime(50)
    expect(target.writes).toEqual(['a\nb\n'])
  } finally {
    jest.useRealTimers()
  }
})

test('lines keep their order, whichever way they were given', async () => {
  const target = new Slow()
  const out = new LineWriter(target)
  out.gather('a\n')
  out.put('b\n')
  out.gather('c\n')
  await turn()
  expect(target.text).toBe('a\nb\nc\n')
})

test('a line longer than a buffer leaves whole, between its neighbours', () => {
  const target = new Slow()
  const out = new LineWriter(target)
  const long = `${'é'.repeat(CHUNK_BYTES)}\n`
  for (const line of ['a\n', long, 'b\n']) out.gather(line)
  out.flush()
  for (let i = 0; i < 3; i++) target.finish()
  expect(target.text === `a\n${long}b\n`).toBe(true)
})

test('a line of bytes is written into the buffer, between its neighbours, whatever its size', () => {
  const target = new Slow()
  const out = new LineWriter(target)
  const write = (text: string, bytes: Buffer, at: number): number => at + bytes.write(text, at)
  const long = `${'x'.repeat(CHUNK_BYTES + 5)}\n`
  const lines = ['a\n', long, 'b\n', `${'y'.repeat(CHUNK_BYTES - 2)}\n`, 'c\n']
  for (const line of lines) out.gatherBytes(line, line.length, write)
  out.flush()
  for (let i = 0; i < 4; i++) target.finish()
  expect(target.text === lines.join('')).toBe(true)
})

test('lines of bytes that a slow reader has no room for are lost and counted', async () => {
  const losses: number[] = []
  const out = new LineWriter(new Slow(), { onLost: (lines) => losses.push(lines) })
  let written = 0
  const write = (_: undefined, bytes: Buffer, at: number): number => {
    written++
    return at + bytes.fill('x', at, at + CHUNK_BYTES).length
  }
  for (let i = 0; i < MAX_CHUNKS + 3; i++) out.gatherBytes(undefined, CHUNK_BYTES, write)
  await out.end(1)
  expect([written, losses]).toEqual([MAX_CHUNKS + 1, [2]])
})

test('a slow reader costs lines, not memory, and is told how many', () => {
  const target = new Slow()
  const losses: number[] = []
  const out = new LineWriter(target, { onLost: (lines) => losses.push(lines) })
  const line = `${'x'.repeat(CHUNK_BYTES / 4 - 1)}\n`
  const fits = (MAX_CHUNKS + 1) * 4
  for (let i = 0; i < fits + 3; i++) out.gather(line)
  expect(target.writes).toHaveLength(1)
  for (let i = 0; i < MAX_CHUNKS + 1; i++) target.finish()
  out.flush()
  expect(losses).toEqual([3])
  expect(target.text.length).toBe(fits * line.length)
  out.put('again\n')
  target.finish()
  out.flush()
  expect(target.text).toMatch(/again\n$/)
})

test('a reader that is gone costs nothing more', () => {
  const target = new Slow()
  const out = new LineWriter(target)
  out.put('a\n')
  out.flush()
  target.finish(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  for (let i = 0; i < 100; i++) out.gather('b\n')
  out.flush()
  expect(target.writes).toEqual(['a\n'])
})

test('a disk that was full takes lines again, on a line of their own, and the loss is told then', () => {
  const target = new Slow()
  const losses: number[] = []
  const out = new LineWriter(target, { onLost: (lines) => losses.push(lines) })
  const full = () => target.finish(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
  out.gather('a\n')
  out.flush()
  target.finish()
  out.gather('b\n')
  out.gather('c\n')
  out.flush()
  full()
  out.gather('d\n')
  out.flush()
  full() // the line feed
  full()
  expect(losses).toEqual([])
  out.gather('e\n')
  out.flush()
  target.finish()
  target.finish()
  expect(losses).toEqual([3])
  expect(target.writes).toEqual(['a\n', 'b\nc\n', '\n', 'd\n', '\n', 'e\n'])
  out.gather('f\n')
  out.flush()
  expect(target.writes.slice(6)).toEqual(['f\n'])
})

test('end waits for the reader, but not for ever', async () => {
  const target = new Slow()
  const out = new LineWriter(target)
  out.gather('a\n')
  const ended = out.end(60_000)
  target.finish()
  await ended
  out.gather('b\n')
  await out.end(1)
  expect(target.text).toBe('a\nb\n')
})

test('what a reader lost that never came back is told at the end', async () => {
  const losses: number[] = []
  const out = new LineWriter(new Slow(), { onLost: (lines) => losses.push(lines) })
  const line = `${'x'.repeat(CHUNK_BYTES - 1)}\n`
  for (let i = 0; i < MAX_CHUNKS + 3; i++) out.gather(line)
  await out.end(1)
  expect(losses).toEqual([2])
})

test('a process that ends at once hands over what waits behind a write under way', () => {
  const target = new Slow()
  const out = new LineWriter(target)
  out.put('a\n')
  out.flush()
  out.gather('b\n')
  out.handOver()
  out.handOver()
  expect(target.writes).toEqual(['a\n', 'b\n'])
})

test('not even an error that nobody caught loses lines', () => {
  const program = `
    import { LineWriter } from '${new URL('line-writer.ts', import.meta.url).href}'
    const out = new LineWriter(process.stdout)
    process.on('exit', () => out.handOver())
    for (let i = 0; i < 1000; i++) out.gather('line ' + i + '\\n')
    throw new Error('crash')`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program])
  expect(stdout.toString().split('\n')).toHaveLength(1001)
  expect(stderr.toString()).toContain('Error: crash')
  expect(status).toBe(1)
})
