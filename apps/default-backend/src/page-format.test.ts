import { expect, test } from '@jest/globals'
import { choosePageFormat } from './page-format.ts'

test.each([
  [undefined, 'html'],
  ['', 'html'],
  ['*/*', 'html'],
  ['text/html', 'html'],
  ['application/json', 'json'],
  ['application/json, text/html', 'json'],
  ['text/html;q=0.5, application/json', 'json'],
  ['application/json;q=0, text/html;q=0.1', 'html'],
  ['Application/JSON; charset=utf-8', 'json'],
  ['application/problem+json', 'json'],
  ['application/vnd.shop+json', 'json'],
  ['text/plain', 'text'],
  ['image/png, text/plain;q=0.2', 'text'],
  ['image/png', 'html'],
  ['text/html;q=abc, application/json;q=0.1', 'json'],
  [',,;', 'html'],
])('RFC 9110 §12.5.1: Accept %j gets %s', (accept, format) => {
  expect(choosePageFormat(accept)).toBe(format)
})
