import { describe, expect, test } from '@jest/globals'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readServiceSettings } from './settings.ts'

const read = (env: NodeJS.ProcessEnv = {}, argv: readonly string[] = []) =>
  readServiceSettings('hello', { port: 80 }, env, argv)

const secretFile = join(mkdtempSync(join(tmpdir(), 'secret-')), 'secret')
writeFileSync(secretFile, 'from the file\n')

describe('settings of every service', () => {
  test('defaults are the contract’s, and safe', () => {
    expect(read()).toMatchObject({
      host: '0.0.0.0',
      port: 80,
      healthHost: '0.0.0.0',
      healthPort: 81,
      demo: false,
      corsOrigins: { kind: 'none' },
      logFormat: 'json',
      secret: undefined,
      trustedProxies: [],
    })
  })

  test.each([
    ['-http=127.0.0.1:10080'],
    ['--http=127.0.0.1:10080'],
    ['-http', '127.0.0.1:10080'],
    ['--http', '127.0.0.1:10080'],
  ])('S4.7, D8 the flag as %s %s', (...argv) => {
    expect(read({ PORT: '1', HOST: '0.0.0.0' }, argv)).toMatchObject({ host: '127.0.0.1', port: 10_080 })
  })

  test.each([
    ['-health=[::1]:81', { healthHost: '::1', healthPort: 81 }],
    ['-health=:8081', { healthHost: '0.0.0.0', healthPort: 8081 }],
    ['-health=8081', { healthHost: '0.0.0.0', healthPort: 8081 }],
    ['-secret=a=b', { secret: 'a=b', secretIsExposed: true }],
  ])('the flag %s', (flag, expected) => {
    expect(read({}, [flag])).toMatchObject(expected)
  })

  test('a secret comes from a file, without its line feed', () => {
    expect(read({ JWT_SECRET_FILE: secretFile })).toMatchObject({
      secret: 'from the file',
      secretIsExposed: false,
    })
  })

  test('W31 injected variables are not looked at', () => {
    const names = ['AUTH', 'USERS', 'TASKS', 'HELLO', 'FRONTEND', 'GATEWAY']
    expect(read(Object.fromEntries(names.map((name) => [`${name}_PORT`, 'tcp://10.0.0.1:80'])))).toEqual(
      read(),
    )
  })

  test('whom to believe is told by addresses, ranges and words', () => {
    const proxies = '10.0.0.0/8, fd00::/8,::1, uniquelocal'
    expect(read({ TRUST_PROXY: proxies }).trustedProxies).toEqual([
      '10.0.0.0/8',
      'fd00::/8',
      '::1',
      'uniquelocal',
    ])
  })

  test('demo mode answers every origin unless told otherwise', () => {
    expect(read({ DEMO_MODE: 'true' }).corsOrigins).toEqual({ kind: 'any' })
    expect(
      read({ DEMO_MODE: '1', CORS_ORIGINS: 'https://a.example, http://localhost:3000' }).corsOrigins,
    ).toEqual({
      kind: 'list',
      origins: ['https://a.example', 'http://localhost:3000'],
    })
  })

  const refused: readonly (readonly [NodeJS.ProcessEnv, readonly string[], RegExp])[] = [
    [{ PORT: 'abc' }, [], /^PORT is "abc": expected a whole number from 0 to 65535$/],
    [{ PORT: '70000' }, [], /^PORT is "70000"/],
    [{ PORT: 'tcp://10.0.0.1:80' }, [], /^PORT .*Kubernetes injects/],
    [{ HEALTH_PORT: '-1' }, [], /^HEALTH_PORT/],
    [{ HOST: 'http://x' }, [], /^HOST .*without a port/],
    [{ DEMO_MODE: 'maybe' }, [], /^DEMO_MODE is "maybe": expected one of/],
    [{ DEMO_MODE: '1', APP_ENV: 'Production' }, [], /^DEMO_MODE .*APP_ENV is production/],
    [{ APP_ENV: 'two words' }, [], /^APP_ENV/],
    [{ LOG_FORMAT: 'xml' }, [], /^LOG_FORMAT is "xml": expected one of json, common/],
    [{ LOG_LEVEL: 'loud' }, [], /^LOG_LEVEL/],
    [{ CORS_ORIGINS: 'example.com' }, [], /^CORS_ORIGINS/],
    [{ CORS_ORIGINS: 'https://a.example/path' }, [], /^CORS_ORIGINS/],
    [{ BODY_LIMIT_BYTES: '0' }, [], /^BODY_LIMIT_BYTES/],
    [{ TRUST_PROXY: '10.0.0.0/8, proxy' }, [], /^TRUST_PROXY is "10.0.0.0\/8, proxy": expected IP addresses/],
    [{ TRUST_PROXY: '10.0.0.0/33' }, [], /^TRUST_PROXY/],
    [{ TRUST_PROXY: 'fe80::1%eth0' }, [], /^TRUST_PROXY/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      [],
      /^OTEL_EXPORTER_OTLP_ENDPOINT .*http:\/\/collector:4318/,
    ],
    [
      { JWT_SECRET_FILE: '/nowhere/secret' },
      [],
      /^JWT_SECRET_FILE is "\/nowhere\/secret": expected a readable file/,
    ],
    [{}, ['-secret=secret'], /^-secret .*demo mode only$/],
    [{}, ['-secret='], /^-secret/],
    [{}, ['-http=nonsense'], /^-http is "nonsense": expected HOST:PORT/],
    [{}, ['-http'], /^-http is missing/],
    [{}, ['--port=1'], /^the command line is "--port": expected only the flags -http/],
    [{}, ['serve'], /^the command line/],
  ]
  test.each(refused)('%j %j is refused with what to do', (env, argv, message) => {
    expect(() => read(env, argv)).toThrow(message)
  })

  test('a refused flag does not print its value, which may be a secret', () => {
    expect(() => read({}, ['-secrt=hunter2'])).toThrow(expect.not.stringContaining('hunter2'))
  })
})
