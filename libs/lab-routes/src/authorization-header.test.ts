import { describe, expect, test } from '@jest/globals'
import { readBasicCredentials, readBearerToken } from './authorization-header.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

describe('RFC 7617 Basic', () => {
  test.each([
    [basic('user:password'), { username: 'user', password: 'password' }],
    [basic('user:'), { username: 'user', password: '' }],
    [basic('user:with:colons'), { username: 'user', password: 'with:colons' }],
    [basic('jörg:пароль'), { username: 'jörg', password: 'пароль' }],
    [basic('user:password').replace('Basic', 'bAsIc'), { username: 'user', password: 'password' }],
    [basic('nobody'), undefined],
    ['Basic', undefined],
    ['Basic !!!', undefined],
    ['Bearer dXNlcjpwYXNzd29yZA==', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j', (header, expected) => {
    expect(readBasicCredentials(header)).toEqual(expected)
  })
})

describe('RFC 6750 Bearer', () => {
  test.each([
    ['Bearer a.b-c_d~e+f/g==', 'a.b-c_d~e+f/g=='],
    ['bearer abc', 'abc'],
    ['BEARER  abc', 'abc'],
    ['Bearer abc def', undefined],
    ['Bearer abc?x=1', undefined],
    ['Bearer %61bc', undefined],
    ['Bearer', undefined],
    ['abc', undefined],
    ['Basic abc', undefined],
    [undefined, undefined],
  ])('%j', (header, expected) => {
    expect(readBearerToken(header)).toBe(expected)
  })
})
