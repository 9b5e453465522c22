import { expect, test } from '@jest/globals'
import { maxOpenFiles } from './max-open-files.ts'

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max resident set          unlimited            unlimited            bytes
Max open files            1024                 4096                 files
Max locked memory         8388608              8388608              bytes
`

test('the limit in force is the soft one', () => {
  expect(maxOpenFiles(LIMITS)).toBe(1024)
})

test('no limit, or none that is told, is none', () => {
  expect(maxOpenFiles(LIMITS.replace('1024  ', 'unlimited'))).toBe(Infinity)
  expect(maxOpenFiles('')).toBe(Infinity)
})

test('this process has one, or runs where none is told', () => {
  expect(maxOpenFiles()).toBeGreaterThan(0)
})
