import { describe, expect, test } from '@jest/globals'
import { isKnown, readIfMatch } from './precondition.ts'

describe('RFC 9110 §13.1.1 If-Match', () => {
  test.each([
    [undefined, 'any'],
    ['', 'any'],
    ['*', 'any'],
    ['"3"', [3]],
    ['"3", "4"', [3, 4]],
    ['"3","5",W/"4"', [3, 5, 0]],
    ['W/"3"', [0]],
    ['"0"', [0]],
    ['"03"', [0]],
    ['"3,4"', [0, 0]],
    ['"1e1"', [0]],
    ['"-1"', [0]],
    ['"99999999999999999999"', [0]],
    ['""', [0]],
  ])('%j means %j', (header, versions) => {
    expect(readIfMatch(header)).toEqual(versions)
  })

  test.each(['3', '"3', '"3" "4"', '*, "3"', 'w/"3"', '"3";', '"3",'])('%j is no list of tags', (header) => {
    expect(() => readIfMatch(header)).toThrow(expect.objectContaining({ statusCode: 400 }))
  })
})

describe('RFC 9110 §13.1.2 If-None-Match', () => {
  test.each([
    ['*', true],
    ['"3"', true],
    ['W/"3"', true],
    ['"1", W/"3"', true],
    [undefined, false],
    ['', false],
    ['"4"', false],
    ['3', false],
    ['"3', false],
  ])('%j is version 3: %s', (header, known) => {
    expect(isKnown(header, 3)).toBe(known)
  })
})
