import { describe, expect, test } from '@jest/globals'
import { benchArguments } from './arguments.ts'

describe('arguments of the bench', () => {
  test('without any, everything is measured in seven rounds', () => {
    expect(benchArguments([])).toMatchObject({ rounds: 7, seconds: 3, connections: 64, guard: false })
  })

  test.each([[['post', 'small-get']], [['--scenario', 'post', 'small-get']]])(
    '%j names scenarios',
    (argv) => {
      const read = benchArguments(argv)
      expect(
        'scenarios' in Object(read) && (read as never as { scenarios: { name: string }[] }).scenarios,
      ).toMatchObject([{ name: 'small-get' }, { name: 'post' }])
    },
  )

  test('--help', () => {
    expect(benchArguments(['--help', '--guard'])).toBe('help')
  })

  test.each([
    [['smal-get'], 'there is no scenario "smal-get": expected one of small-get,'],
    [['--target', 'apache'], 'there is no target "apache": expected one of nginx,'],
    [['--rounds', '0'], '--rounds 0: expected a whole number from 1'],
    [['--seconds', '1.5'], '--seconds 1.5: expected a whole number'],
    [['--fast'], "Unknown option '--fast'"],
    [['--rounds'], "Option '--rounds <value>' argument missing"],
  ])('%j is wrong, and it is told how', (argv, message) => {
    expect(benchArguments(argv)).toMatchObject({ wrong: expect.stringContaining(message) })
  })
})
