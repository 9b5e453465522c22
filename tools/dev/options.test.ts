import { expect, test } from '@jest/globals'
import { parseOptions, UsageError } from './options.ts'

test('demo mode is on and the ports are the documented ones unless asked', () => {
  expect(parseOptions([])).toMatchObject({ demo: true, portOffset: 0, fromSource: false, help: false })
  expect(parseOptions(['--no-demo', '--port-offset', '1000'])).toMatchObject({
    demo: false,
    portOffset: 1000,
  })
  expect(parseOptions(['--port-offset=1000'])).toMatchObject({ portOffset: 1000 })
})

test.each([
  [['--port-offset', 'x'], '--port-offset x: expected a whole number from 0 to 55281'],
  [['--port-offset=-1'], '--port-offset -1: expected'],
  [['--port-offset', '1.5'], '--port-offset 1.5: expected'],
  [['--port-offset', '60000'], '--port-offset 60000: expected'],
  [['--portoffset', '1'], "Unknown option '--portoffset'"],
  [['extra'], "Unexpected argument 'extra'"],
])('%j is refused with its reason', (args, reason) => {
  expect(() => parseOptions(args)).toThrow(UsageError)
  expect(() => parseOptions(args)).toThrow(reason)
})
