import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { runProgram } from './program.ts'
import type { ServeSettings } from './settings.ts'

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  jest.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => {
  jest.restoreAllMocks()
})

const SERVE = ['serve', '--manifests', '.']
const PASSTHROUGH = '--enable-ssl-passthrough'

test.each<[string, readonly string[], number | undefined]>([
  ['no command', [], 2],
  ['an unknown command', ['dance'], 2],
  ['an unknown flag', ['serve', '--nonsense'], 2],
  ['a bad address', ['serve', '--manifests', '.', '--http', 'nowhere'], 2],
  ['no manifests', ['serve'], 2],
  ['TLS to pass through with an engine that ends it all', [...SERVE, '--engine', 'node', PASSTHROUGH], 2],
  ['TLS to pass through', [...SERVE, PASSTHROUGH], undefined],
  ['help of a command', ['serve', '--help'], 0],
  ['a path without its flag', ['table', '--manifests', '.', 'more'], 2],
  ['a run that ended well', ['serve', '--manifests', '.', '--http', '0'], undefined],
])('%s', async (_, args, code) => {
  expect(await runProgram(args, () => Promise.resolve())).toBe(code)
})

test.each<[string, readonly string[], number, RegExp]>([
  ['explain', ['explain', 'http://a/', '--manifests', 'nope'], 1, /^postern: nope: there is no such file/],
  ['diff', ['diff', 'nope', '.'], 1, /^postern: nope: there is no such file/],
  ['table', ['table', '--manifests', 'nope'], 1, /^postern: nope: there is no such file/],
  ['another scheme', ['explain', 'ftp://a/', '--manifests', '.'], 2, /expected a URL .* got "ftp:\/\/a\/"/],
  [
    'no method',
    ['explain', 'http://a/', '-X', 'G T', '--manifests', '.'],
    2,
    /a method such as POST; got "G T"/,
  ],
])('no answer about nothing: %s', async (_, args, code, message) => {
  expect(await runProgram(args, () => Promise.resolve())).toBe(code)
  const told = jest.mocked(process.stderr.write).mock.calls.map(([text]) => String(text))
  expect(told.join('')).toMatch(message)
})

test('a run that failed says why and is 1', async () => {
  expect(await runProgram(['serve', '--manifests', '.'], () => Promise.reject(new Error('no port')))).toBe(1)
  expect(process.stderr.write).toHaveBeenCalledWith('postern: no port\n')
})

test('flags become settings', async () => {
  let settings: ServeSettings | undefined
  const args = [
    'serve',
    '--manifests',
    'a',
    '--manifests=b',
    '--http',
    'off',
    '--https',
    '9443',
    '--drain-timeout',
    '5s',
    '--drain-delay=2s',
  ]
  await runProgram(args, (given) => {
    settings = given
    return Promise.resolve()
  })
  expect(settings).toMatchObject({
    manifests: ['a', 'b'],
    http: undefined,
    https: { host: '127.0.0.1', port: 9443 },
    drainDelayMs: 2_000,
    drainTimeoutMs: 5_000,
  })
})
