import { expect, test } from '@jest/globals'
import { parseUpstreamAddress } from './upstream-address.ts'

test.each([
  ['http://hello-app-service.helloworld', 'http://hello-app-service.helloworld:8080/'],
  ['http://hello-app-service.helloworld/greet', 'http://hello-app-service.helloworld:8080/greet'],
  ['http://hello-app-service.helloworld:3000', 'http://hello-app-service.helloworld:3000/'],
  ['http://hello-app-service.helloworld:80', 'http://hello-app-service.helloworld/'],
  ['HTTP://[::1]', 'http://[::1]:8080/'],
  ['http://[::1]:80/', 'http://[::1]/'],
  ['https://hello.example', 'https://hello.example:8080/'],
  ['hello-app-service.helloworld', undefined],
  ['ftp://hello', undefined],
  ['http:/hello', undefined],
  ['http://user:secret@hello', undefined],
  ['http://', undefined],
  ['', undefined],
])('%j is %j', (value, expected) => {
  expect(parseUpstreamAddress(value)?.href).toBe(expected)
})
