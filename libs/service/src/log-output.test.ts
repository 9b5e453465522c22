import { expect, test } from '@jest/globals'
import { EventEmitter } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createLogOutput } from './log-output.ts'

class Target extends EventEmitter {
  readonly writes: string[] = []
  write(text: string): void {
    this.writes.push(text)
  }
}

test('the lines of one turn are written together, in their order', async () => {
  const target = new Target()
  const output = createLogOutput('json', target)
  output.write('one\n')
  output.write('two\n')
  expect(target.writes).toEqual([])
  await nextTurn()
  output.write('three\n')
  await nextTurn()
  expect(target.writes).toEqual(['one\ntwo\n', 'three\n'])
})

test('a fatal line is written before the process may end', async () => {
  const target = new Target()
  const output = createLogOutput('json', target)
  output.write('the last word\n')
  output.flushSync()
  expect(target.writes).toEqual(['the last word\n'])
  await nextTurn()
  expect(target.writes).toHaveLength(1)
})

test('a log that nobody reads any more stops nothing', async () => {
  const target = new Target()
  const output = createLogOutput('json', target)
  output.write('one\n')
  target.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  output.write('two\n')
  await nextTurn()
  expect(target.writes).toEqual([])
  expect(() => target.emit('error', new Error('disk full'))).toThrow('disk full')
})

test('the lab’s form of every line', async () => {
  const target = new Target()
  createLogOutput('common', target).write('{"time":"2026-11-20T22:00:00.000Z","msg":"Starting server..."}\n')
  await nextTurn()
  expect(target.writes).toEqual(['2026/11/20 22:00:00 Starting server...\n'])
})
