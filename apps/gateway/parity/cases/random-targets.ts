import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, regex, server } from '../nginx-parts.ts'
import { AS_NGINX, scene } from '../observe.ts'
import { randomNumbers } from '../random.ts'
import type { Side } from '../room/side.ts'

const REWRITTEN = 'rewritten.random.example'
const PLAIN = 'plain.random.example'
const BATCHES = 10
const REQUESTS = 40
const PIECES = [
  ...[
    '/',
    '/',
    '/',
    '//',
    'a',
    'b',
    'api',
    '.',
    '..',
    '~',
    ';',
    ':',
    '@',
    '&',
    '=',
    '+',
    '$',
    '!',
    "'",
    '(',
    ')',
    ',',
  ],
  ...[
    '%20',
    '%2F',
    '%2f',
    '%25',
    '%3F',
    '%23',
    '%22',
    '%5C',
    '%2e',
    '%2E%2e',
    '%61',
    '%C3%A9',
    '%ff',
    '%7B',
    '%7C',
    '%0A',
  ],
  ...['%00', '%zz', '%'],
]

/** Bad escapes come seldom: each of them is a 400 and ends the comparison of that path. */
function targets(seed: number): readonly string[] {
  const below = randomNumbers(seed)
  return Array.from({ length: REQUESTS }, () => {
    const kinds = below(12) === 0 ? PIECES.length : PIECES.length - 3
    const path = Array.from({ length: below(7) }, () => PIECES[below(kinds)]).join('')
    return `/api/${path}${below(3) === 0 ? `?q=${PIECES[below(kinds)] ?? ''}` : ''}`
  })
}

async function outcomes(side: Side, host: string, seed: number, show: 'target' | 'service'): Promise<string> {
  const lines: string[] = []
  for (const target of targets(seed)) {
    const { response, seen } = await side.send({ host, target })
    lines.push(`${target} ${String(response.status)} ${seen.map((one) => one[show]).join()}`)
  }
  return lines.join('\n')
}

export const randomTargets: ParityCase = {
  name: 'random targets: escapes, dots and slashes',
  source:
    'template.go buildProxyPass; nginx: ngx_http_parse_complex_uri, rewrite … break, escaping of the rewritten path',
  services: { api: ['ok'], rest: ['ok'] },
  manifests: () => [
    ingress({
      name: 'rewritten',
      annotations: { 'rewrite-target': '/$2' },
      rules: [
        {
          host: REWRITTEN,
          paths: [{ path: '/api(/|$)(.*)', pathType: 'ImplementationSpecific', service: 'api' }],
        },
      ],
    }),
    ingress({
      name: 'plain',
      rules: [
        {
          host: PLAIN,
          paths: [
            { path: '/api/a', service: 'api' },
            { path: '/', service: 'rest' },
          ],
        },
      ],
    }),
  ],
  nginx: (place) =>
    [
      server(
        place,
        REWRITTEN,
        regex(
          '/api(/|$)(.*)',
          `${headers()} ${DEFAULTS} rewrite "(?i)/api(/|$)(.*)" /$2 break; proxy_pass http://api;`,
        ),
        regex('/', pass('nowhere')),
      ),
      server(place, PLAIN, prefix('/api/a', pass('api')), prefix('/', pass('rest'))),
    ].join('\n'),
  checks: Array.from({ length: BATCHES }, (_, batch) => [
    scene(`rewritten, batch ${String(batch)}`, AS_NGINX, (side) =>
      outcomes(side, REWRITTEN, batch, 'target'),
    ),
    scene(`matched, batch ${String(batch)}`, AS_NGINX, (side) =>
      outcomes(side, PLAIN, 500 + batch, 'service'),
    ),
  ]).flat(),
}
