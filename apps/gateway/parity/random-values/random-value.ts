import type { Names } from './names.ts'

type Dice = (below: number) => number

// What parsers, regular expressions, templates and headers have been brought down with elsewhere.
const PIECES = [
  ...[
    'true',
    'false',
    'on',
    'off',
    '0',
    '1',
    '-1',
    '1e9',
    '08',
    '999999999999999',
    '1.5',
    'NaN',
    'null',
    'always',
  ],
  ...[
    '',
    ' ',
    '\t',
    ',',
    ', ,',
    ';',
    ':',
    '=',
    '|',
    '#',
    '"',
    "'",
    '`',
    '\\',
    '{',
    '}',
    '{}',
    '[',
    ']',
    '(',
    ')',
  ],
  ...['\u0000', '\r\n', '\n', '\u007f', '%00', '%0d%0a', '\u2028', '\ufeff', '\ud800', '😀', 'é', 'İ', 'ſ'],
  ...[
    '$',
    '${',
    '$host',
    '${host}',
    '$request_uri',
    '$http_x',
    '$arg_',
    '$1',
    '$9',
    '$lua',
    '\\1',
    '$scheme://$host',
  ],
  ...[
    '/',
    '//',
    '/../',
    '/%2e%2e/',
    '/a/b',
    '~^',
    '~* ^/',
    '*',
    '*.',
    '*.example',
    'a.example',
    'victim.example',
  ],
  ...[
    'http://',
    'https://x.example/',
    'http://[::1]/',
    'http://a:b@c/',
    '//x',
    'javascript:',
    'file:///etc/passwd',
  ],
  ...[
    '10.0.0.0/8',
    '::/0',
    '0.0.0.0/33',
    '1.2.3',
    'fe80::1%eth0',
    '256.1.1.1',
    '200 202 401 5m',
    '404,503',
    '600',
  ],
  ...[
    '(a+)+$',
    '(a|a)*b',
    '(.*)*(.*)*x',
    '((a{30}){30})',
    'a{1000}',
    '(?i)',
    '(?=a)',
    '(?<=a)',
    '[',
    '[^',
    '\\p{L}',
  ],
  ...[
    'victim/users',
    '../users',
    'evil/users',
    'users',
    'a/b/c',
    '1k',
    '8m',
    '10g',
    '5m',
    '1h',
    '__proto__',
    'constructor',
  ],
  ...[
    'error timeout',
    'http_500',
    'non_idempotent',
    'GET',
    'POST',
    'CN=a',
    'Strict',
    'None',
    'max-age=0',
    'Set-Cookie',
  ],
  ...['lua_package_path "/tmp";', 'return 200;', '}\nlocation / { }', 'ssl_engine /proc/1/fd/7;'],
]

/** A value for a name: nonsense, or one that was meant once and then went wrong. */
export function randomValue(name: string, { examples }: Names, dice: Dice): string {
  const known = examples.get(name) ?? []
  const kind = dice(10)
  if (kind < 3 || known.length === 0) return pieces(dice)
  if (kind === 3) return characters(dice)
  let value = known[dice(known.length)] ?? ''
  for (let changes = dice(4); changes > 0; changes--) value = changed(value, dice)
  return value
}

/** A path of a rule: mostly harmless, so that more than its refusal is met. */
export function randomPath(dice: Dice): string {
  if (dice(2) === 0) return '/'
  return `/${dice(3) === 0 ? pieces(dice) : (['a', 'api(/|$)(.*)', '(.*)', 'x/', '[a-z]+/(\\d+)'][dice(5)] ?? '')}`
}

function pieces(dice: Dice): string {
  const text = Array.from({ length: 1 + dice(5) }, () => PIECES[dice(PIECES.length)] ?? '').join('')
  // One in a hundred is long: what is quadratic shows.
  return dice(100) === 0 ? text.repeat(1 + dice(2_000)).slice(0, 100_000) : text
}

function characters(dice: Dice): string {
  const below = [0x80, 0x100, 0x10000][dice(3)] ?? 0x80
  return Array.from({ length: dice(60) }, () => String.fromCharCode(dice(below))).join('')
}

function changed(value: string, dice: Dice): string {
  const at = dice(value.length + 1)
  const to = at + dice(4)
  switch (dice(5)) {
    case 0:
      return value.slice(0, at) + value.slice(to)
    case 1:
      return `${value}${[',', ' ', ';', ''][dice(4)] ?? ''}${value}`
    case 2:
      return value.slice(0, at) + characters(dice).slice(0, 4) + value.slice(to)
    default:
      return value.slice(0, at) + pieces(dice) + value.slice(at)
  }
}
