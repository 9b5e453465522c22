import { expect, test } from '@jest/globals'
import { checkEmail } from './check-email.ts'

test.each([
  'a@b',
  ' test@test.com ',
  'ÄÖ@bücher.example',
  '한@예.kr',
  'a+tag@b.c',
  '"q"@b.c',
  '\u{1f600}@b.c',
])('%j may be an address', (email) => {
  expect(() => checkEmail(email, 'email')).not.toThrow()
})

test.each([
  'noat',
  '@b.c',
  'a@',
  'a@b@c',
  'a b@c.d',
  'a\r\nb@c.d',
  'a@b.c\u0007',
  '\ud800@b.c',
  'a@b\u00a0c',
])('%j is no address', (email) => {
  expect(() => checkEmail(email, 'newEmail')).toThrow(
    expect.objectContaining({ statusCode: 422, code: 'email-unusable' }),
  )
})
