import { describe, expect, test } from '@jest/globals'
import { discover, originOf, serviceVariable } from './index.ts'

const auth = { name: 'auth', fallback: { host: 'auth', port: 80 } }

describe('W30: how a service is found', () => {
  test.each([
    ['S0.20 localhost without a port', { AUTH_ADDRESS: 'localhost' }, 'http://localhost:80'],
    ['S2.21 host and port', { AUTH_ADDRESS: 'localhost:8081' }, 'http://localhost:8081'],
    ['S0.24 an address', { AUTH_ADDRESS: '10.99.1.155' }, 'http://10.99.1.155:80'],
    ['S0.26 a DNS name', { AUTH_ADDRESS: 'auth-service.default' }, 'http://auth-service.default:80'],
    ['an IPv6 address', { AUTH_ADDRESS: '::1' }, 'http://[::1]:80'],
    ['an IPv6 address with a port', { AUTH_ADDRESS: '[::1]:8080' }, 'http://[::1]:8080'],
    ['S0.25 the injected host', { AUTH_SERVICE_SERVICE_HOST: '10.0.0.7' }, 'http://10.0.0.7:80'],
    [
      'the injected host and port',
      { AUTH_SERVICE_SERVICE_HOST: '10.0.0.7', AUTH_SERVICE_SERVICE_PORT: '8080' },
      'http://10.0.0.7:8080',
    ],
    ['an injected IPv6 host', { AUTH_SERVICE_SERVICE_HOST: 'fd00::7' }, 'http://[fd00::7]:80'],
    ['S2.30 AUTH_ADDRESS first', { AUTH_ADDRESS: 'a', AUTH_SERVICE_SERVICE_HOST: 'b' }, 'http://a:80'],
    ['S2.18 neither', {}, 'http://auth:80'],
    [
      'W31 the Docker-link variables of a Service called auth',
      { AUTH_PORT: 'tcp://10.0.0.9:80' },
      'http://auth:80',
    ],
    ['an empty variable is an absent one', { AUTH_ADDRESS: ' ' }, 'http://auth:80'],
  ])('%s', (_rule, env, origin) => {
    expect(originOf(discover(auth, env).address)).toBe(origin)
  })

  test('says which way won', () => {
    expect(discover(auth, { AUTH_ADDRESS: 'a' }).way).toBe('AUTH_ADDRESS')
    expect(discover(auth, { AUTH_SERVICE_SERVICE_HOST: 'b' }).way).toBe('AUTH_SERVICE_SERVICE_HOST')
    expect(discover(auth, {}).way).toBe('default')
  })

  test.each([
    'http://auth',
    'auth/x',
    'auth:http',
    'auth:0',
    'auth:70000',
    'a b',
    '[::1',
    '..',
    ':80',
    'fe80::1%eth0',
    ':::',
    '1.2.3.999',
  ])('refuses %j naming the variable', (value) => {
    expect(() => discover(auth, { AUTH_ADDRESS: value })).toThrow(/^AUTH_ADDRESS is .*expected a host/)
  })
})

test('S2.29: the name of an injected variable', () => {
  expect(
    ['auth-service', 'users-service', 'tasks-service'].map((name) => serviceVariable(name, 'HOST')),
  ).toEqual(['AUTH_SERVICE_SERVICE_HOST', 'USERS_SERVICE_SERVICE_HOST', 'TASKS_SERVICE_SERVICE_HOST'])
})
