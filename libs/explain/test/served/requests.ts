import { probes } from '../../src/diff/probes.ts'
import type { ExplainRequest } from '../../src/request.ts'
import type { RoutingTable } from '@postern/routing-table'
import { Random } from './random.ts'

const HOSTS = [
  'a.example',
  'a.example',
  'a.example',
  'A.Example',
  'b.example',
  'api.example',
  'x.y.example',
  'www.a.example',
  'alias.example',
  'nobody.test',
  'a.example.',
] as const
const STEMS = [
  '/',
  '/api',
  '/api/users',
  '/API/Users',
  '/web',
  '/web/x',
  '/docs',
  '/x',
  '/x/y',
  '/xy',
  '/login',
  '/LOGIN',
  '/cart',
  '/cart/',
  '/v1/users',
  '/v12',
  '/vx',
  '/admin',
  '/gone',
  '/a.b',
  '/aXb',
  '/app',
  '/new',
  '/.well-known/acme-challenge/t',
] as const
const ENDS = [
  '',
  '',
  '',
  '/',
  '/z',
  '/z/',
  '//z',
  '/./z',
  '/../z',
  '/%7Ez',
  '%2Fz',
  ';p=1',
  '%20z',
  '/z?q=1',
  '?q=1&r=%2F',
  '?',
] as const
const METHODS = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'] as const

type Header = readonly [string, string]
const HEADERS: readonly (readonly Header[])[] = [
  [],
  [],
  [['X-Canary', 'always']],
  [['X-Canary', 'never']],
  [['Cookie', 'beta=always']],
  [['Cookie', 'a=b; beta=never']],
  [['Origin', 'https://a.example']],
  [['Origin', 'https://x.b.example']],
  [['Origin', 'https://evil.example']],
  [['Authorization', 'Basic YW5uOnNlY3JldA==']],
  [['Authorization', 'Basic YW5uOndyb25n']],
  [
    ['X-Forwarded-For', '203.0.113.9'],
    ['X-Forwarded-Proto', 'https'],
  ],
  [
    ['X-Request-ID', 'abc-1'],
    ['Accept', 'application/json'],
  ],
  [
    ['x_underscore', '1'],
    ['Proxy', 'evil'],
    ['X-Two', 'a'],
    ['X-Two', 'b'],
  ],
]

/** One request of a seeded sequence, as a client at loopback would make it. */
export function randomRequest(random: Random, port: number): ExplainRequest {
  const method = random.pick(METHODS)
  const host = random.pick(HOSTS)
  const body: readonly Header[] =
    method === 'POST' ? [['Content-Length', random.chance(0.5) ? '5' : '50']] : []
  return {
    scheme: 'http',
    serverName: host.toLowerCase(),
    authority: host,
    port,
    target: random.pick(STEMS) + random.pick(ENDS),
    method,
    headers: [...random.pick(HEADERS), ...body],
    from: '127.0.0.1',
  }
}

const LARGEST_BODY = 2_000_000

/** Requests at both sides of every boundary of a table, in a seeded order: for sets with hosts and paths of their own. */
export function boundaryRequests(
  table: RoutingTable,
  secureHosts: readonly string[],
  random: Random,
): readonly ExplainRequest[] {
  const found = probes(table).filter(
    ({ scheme, serverName, headers }) =>
      (scheme === 'http' || secureHosts.includes(serverName)) &&
      headers.every(([name, value]) => name !== 'Content-Length' || Number(value) <= LARGEST_BODY),
  )
  return found
    .map((request) => ({ at: random.below(1_000_000), request: { ...request, from: '127.0.0.1' } }))
    .sort((a, b) => a.at - b.at)
    .map(({ request }) => request)
}

/** Its bytes, body included. */
export function bytesOf({ method, target, authority, headers }: ExplainRequest): string {
  const length = Number(headers.find(([name]) => name === 'Content-Length')?.[1] ?? 0)
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\nHost: ${authority}\r\n${lines.join('')}\r\n${'x'.repeat(length)}`
}
