import { expect, test } from '@jest/globals'
import { readUsersSettings } from './settings.ts'

test.each([
  ['production', true],
  ['prod', true],
  ['staging', false],
  ['development', false],
])('with APP_ENV=%s cookies are for HTTPS alone: %s', (appEnv, production) => {
  const service = { demo: false, appEnv, serviceSecret: undefined }
  expect(readUsersSettings(service, {})).toMatchObject({ production })
})
