import { expect, test } from '@jest/globals'
import { template } from '../annotations/template.ts'
import { Refusal } from '../annotations/value.ts'
import { serviceOfUrl } from './service-of-url.ts'

test.each([
  ['http://login.auth/verify', 'auth/login:80'],
  ['https://login.auth.svc', 'auth/login:443'],
  ['http://login.auth.svc.cluster.local:4180/verify?for=$host', 'auth/login:4180'],
  ['HTTP://Login.Auth.SVC.cluster.local./', 'auth/login:80'],
  ['http://login.auth.svc?x', 'auth/login:80'],
  ['http://login/verify', undefined],
  ['http://login.auth.example/verify', undefined],
  ['http://login.auth.svc.example/', undefined],
  ['http://login.auth.svc$uri', 'auth/login:80'],
  ['http://login.auth.svc:4180$request_uri', 'auth/login:4180'],
  ['http://login.auth.svc$args', undefined],
  ['http://login.auth.svc:41$arg_port', undefined],
  ['http://$host/verify', undefined],
  ['http://login.auth.svc@elsewhere.example/', undefined],
  ['http://login.auth.svc:80@elsewhere.example/', undefined],
  ['http://127.0.0.1:4180/', undefined],
  ['http://[::1]:4180/', undefined],
])('%s names %s', (url, expected) => {
  const parts = template(url)
  const found = parts instanceof Refusal ? undefined : serviceOfUrl(parts)
  expect(found && `${found.namespace}/${found.service}:${String(found.port)}`).toBe(expected)
})
