import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask } from '../observe.ts'

const HOST = 'body.example'
const DEFAULT = 'default.body.example'
const OFF = 'off.body.example'
const GUARDED = 'guarded.body.example'

const post = (host: string, bytes: number) => ({
  method: 'POST',
  host,
  target: '/x',
  body: 'b'.repeat(bytes),
})
const chunked = (host: string, bytes: number) => ({
  method: 'POST',
  host,
  target: '/x',
  headers: { 'Transfer-Encoding': 'chunked' },
  body: `${bytes.toString(16)}\r\n${'b'.repeat(bytes)}\r\n0\r\n\r\n`,
})

export const bodyLimit: ParityCase = {
  name: 'proxy-body-size',
  source:
    'annotations/proxy/main.go; nginx.tmpl client_max_body_size (nginx: find-config phase, before rewrite)',
  services: { app: ['ok'] },
  manifests: () => [
    ingress({
      name: 'small',
      annotations: { 'proxy-body-size': '1k' },
      rules: [{ host: HOST, paths: [{ service: 'app' }] }],
    }),
    ingress({ name: 'default', rules: [{ host: DEFAULT, paths: [{ service: 'app' }] }] }),
    ingress({
      name: 'off',
      annotations: { 'proxy-body-size': '0' },
      rules: [{ host: OFF, paths: [{ service: 'app' }] }],
    }),
    ingress({
      name: 'guarded',
      annotations: { 'proxy-body-size': '1k', 'permanent-redirect': 'https://new.example/' },
      rules: [{ host: GUARDED, paths: [{ service: 'app' }] }],
    }),
  ],
  nginx: (place) =>
    [
      server(place, HOST, prefix('/', `client_max_body_size 1k; ${pass('app')}`)),
      server(place, DEFAULT, prefix('/', `client_max_body_size 1m; ${pass('app')}`)),
      server(place, OFF, prefix('/', `client_max_body_size 0; ${pass('app')}`)),
      server(
        place,
        GUARDED,
        prefix('/', `client_max_body_size 1k; return 301 https://new.example/; ${pass('app')}`),
      ),
    ].join('\n'),
  checks: [
    ask(post(HOST, 1024), '200 app /x'),
    ask(post(HOST, 1025), '413'),
    ask(post(DEFAULT, 1_048_576), '200 app /x'),
    ask(post(DEFAULT, 1_048_577), '413'),
    ask(post(OFF, 1_200_000), '200 app /x'),
    ask(chunked(HOST, 1000), '200 app /x'),
    ask(chunked(HOST, 3000), '413'),
    // The announced length is judged when the location is found: before `return`.
    ask(post(GUARDED, 2000), '413'),
    ask(post(GUARDED, 10), '301 https://new.example/'),
  ],
}
