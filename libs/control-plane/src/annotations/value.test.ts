import { describe, expect, test } from '@jest/globals'
import { linearRegex } from './regex.ts'
import { template, templateText } from './template.ts'
import { httpUrl, urlOrPath } from './url.ts'
import {
  boolean,
  cidr,
  headerName,
  hostName,
  integer,
  list,
  objectName,
  oneOf,
  Refusal,
  size,
  type ParseValue,
} from './value.ts'

type Row = readonly [
  name: string,
  parse: ParseValue<unknown>,
  good: Readonly<Record<string, unknown>>,
  bad: readonly string[],
]

const ROWS: readonly Row[] = [
  [
    'boolean',
    boolean,
    { true: true, T: true, '1': true, False: false, f: false },
    ['yes', 'on', 'TrUe', '', ' true'],
  ],
  [
    'integer',
    integer(0, 100),
    { '0': 0, '+7': 7, '100': 100 },
    ['-1', '101', '1.5', '1e2', '0x1', '', ' 1', '999999999999999999'],
  ],
  ['oneOf', oneOf('on', 'off'), { on: 'on' }, ['On', '', 'on;']],
  [
    'size',
    size,
    { '0': 0, '8k': 8_192, '1m': 1_048_576, '2G': 2_147_483_648, ' 5 ': 5 },
    ['1 m', '8mb', '-1', 'm', '1.5m'],
  ],
  [
    'cidr',
    cidr,
    { '10.0.0.0/8': '10.0.0.0/8', '1.2.3.4': '1.2.3.4/32', 'fd00::1': 'fd00::1/128', 'fd00::/8': 'fd00::/8' },
    ['10.0.0/8', '256.0.0.1', '10.0.0.0/33', '10.0.0.0/8/8', 'fd00::/129', 'host', '010.0.0.1', '10.0.0.0/'],
  ],
  ['list', list(integer()), { '1, 2,,3': [1, 2, 3], '': [] }, ['1,x']],
  [
    'objectName',
    objectName,
    { users: { name: 'users' }, 'ns/users': { namespace: 'ns', name: 'users' } },
    ['a/b/c', '../x', 'Users', 'a b', '', '/a'],
  ],
  ['headerName', headerName, { 'X-One': 'X-One' }, ['X One', 'X:One', '', 'X\r\nY', 'é']],
  ['hostName', hostName, { 'a.example': 'a.example' }, ['a b', 'a;b', '', '-a', 'a\n']],
  [
    'linearRegex',
    linearRegex,
    { '/a(b|c)*': '/a(b|c)*', '/(?<name>x)': '/(?<name>x)' },
    ['(', '(?=a)', '(?<!a)', '(a)\\1', 'a\nb', '*', 'a'.repeat(3_000), 'a{1000}b{1000}', '\\pL'.repeat(11)],
  ],
]

describe.each(ROWS)('%s', (_name, parse, good, bad) => {
  test.each(Object.entries(good))('takes %j', (text, value) => {
    expect(parse(text)).toEqual(value)
  })

  test.each(bad)('refuses %j', (text) => {
    expect(parse(text)).toBeInstanceOf(Refusal)
  })
})

describe('template', () => {
  test.each([
    '',
    'plain',
    '$host$request_uri',
    'https://$host/x?rd=$escaped_request_uri',
    '$arg_a-$cookie_b',
    '100$',
  ])('%j reads back as it was', (text) => {
    const parts = template(text)
    expect(parts instanceof Refusal ? parts.problem : templateText(parts)).toBe(text)
  })

  test('knows other names for the same', () => {
    expect(template('${best_http_host}$query_string')).toEqual([
      { kind: 'variable', name: 'http_host' },
      { kind: 'variable', name: 'args' },
    ])
  })

  test.each(['$server_name', '$http', '$lua', 'a\nb', '$1'])('refuses %j', (text) => {
    expect(template(text)).toBeInstanceOf(Refusal)
  })
})

describe('URLs', () => {
  test.each(['https://a.example', 'http://a:8080/x?y=$arg_z', 'https://$host$request_uri'])(
    '%s is one',
    (text) => {
      expect(httpUrl(text)).not.toBeInstanceOf(Refusal)
    },
  )

  test.each([
    'a.example',
    '//a',
    'ftp://a',
    'javascript:alert(1)',
    'https://',
    'https:///x',
    'https://a b',
    'https://a;b',
    'https://a{b}',
    'https://a"b',
    'https://a\\b',
  ])('%j is none', (text) => {
    expect(httpUrl(text)).toBeInstanceOf(Refusal)
  })

  test.each(['/login', '$scheme://$host/x', 'https://a.example'])('%s may stand where paths may', (text) => {
    expect(urlOrPath(text)).not.toBeInstanceOf(Refusal)
  })
})
