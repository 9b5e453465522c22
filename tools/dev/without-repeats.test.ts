import { expect, test } from '@jest/globals'
import { withoutRepeats } from './without-repeats.ts'

test('while starting, what another app has said is not said again; afterwards everything is', () => {
  const lines: string[] = []
  let isStarting = true
  const onLine = withoutRepeats(
    (app, line) => lines.push(`${app} ${line}`),
    () => isStarting,
    (line) => line.replace(/^\d+ /, ''),
  )
  onLine('users', '1 demo mode is on')
  onLine('tasks', '2 demo mode is on')
  onLine('users', '3 demo mode is on')
  onLine('tasks', '4 listening on 8000')
  isStarting = false
  onLine('tasks', '5 demo mode is on')
  expect(lines).toEqual([
    'users 1 demo mode is on',
    'users 3 demo mode is on',
    'tasks 4 listening on 8000',
    'tasks 5 demo mode is on',
  ])
})
