import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { scene } from '../observe.ts'
import type { Side } from '../room/side.ts'

const host = (name: string): string => `${name}.rate.example`
const rules = (name: string) => [{ host: host(name), paths: [{ path: '/x', service: 'app' }] }]

/** What came, and whether it took the time that its rate asks for. Whole seconds: both clocks are coarse. */
async function took(side: Side, name: string, kibibytes: number, seconds: number): Promise<string> {
  const begin = performance.now()
  const { response } = await side.send({
    host: host(name),
    target: '/x',
    headers: { 'Answer-Bytes': String(kibibytes * 1_024) },
  })
  const isSlow = performance.now() - begin > seconds * 1_000
  return `${String(response.status)} ${String(response.body.length)} ${isSlow ? 'slowly' : 'at once'}`
}

export const responseRate: ParityCase = {
  name: 'rate of a response',
  source:
    'template.go buildRateLimit; annotations/ratelimit/main.go: limit-rate and limit-rate-after are KiB',
  services: { app: ['ok'] },
  manifests: () => {
    const limited = (name: string, annotations: Readonly<Record<string, string>>) =>
      ingress({ name, annotations: { 'proxy-buffering': 'on', ...annotations }, rules: rules(name) })
    return [
      limited('limited', { 'limit-rate': '20' }),
      limited('later', { 'limit-rate': '20', 'limit-rate-after': '200' }),
      limited('after-alone', { 'limit-rate-after': '1' }),
      limited('bad', { 'limit-rate': '20k' }),
      limited('unbuffered', { 'limit-rate': '20', 'proxy-buffering': 'off' }),
    ]
  },
  nginx: (place) => {
    const limited = (name: string, inside: string, buffering = 'on'): string =>
      server(
        place,
        host(name),
        prefix(
          '/x',
          `${inside} ${pass('app').replace('proxy_buffering off', `proxy_buffering ${buffering}`)}`,
        ),
      )
    return [
      limited('limited', 'limit_rate 20k;'),
      limited('later', 'limit_rate_after 200k; limit_rate 20k;'),
      limited('after-alone', 'limit_rate_after 1k;'),
      // An annotation that is no number is that of the ConfigMap, which has none.
      limited('bad', ''),
      limited('unbuffered', 'limit_rate 20k;', 'off'),
    ].join('\n')
  },
  checks: [
    scene('three seconds’ worth takes two and more', '200 61440 slowly', (side) =>
      took(side, 'limited', 60, 2),
    ),
    scene('a small answer goes at once', '200 1024 at once', (side) => took(side, 'limited', 1, 1)),
    scene('each answer has its own rate', '200 40960 slowly, 200 40960 slowly', async (side) => {
      const begin = performance.now()
      const both = await Promise.all([1, 2].map(() => took(side, 'limited', 40, 1)))
      // One after the other, or with one rate, they would take three seconds and more.
      return performance.now() - begin < 3_000 ? both.join(', ') : 'as if one waited for the other'
    }),
    scene('up to limit-rate-after', '200 204800 at once', (side) => took(side, 'later', 200, 2)),
    scene('beyond limit-rate-after', '200 256000 slowly', (side) => took(side, 'later', 250, 1.5)),
    scene('limit-rate-after alone', '200 204800 at once', (side) => took(side, 'after-alone', 200, 2)),
    scene('no limit without proxy-buffering', '200 204800 at once', (side) =>
      took(side, 'unbuffered', 200, 2),
    ),
    scene('a bad value is none', '200 204800 at once', (side) => took(side, 'bad', 200, 2)),
  ],
}
