import { until, ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, prefix, server } from '../nginx-parts.ts'
import { scene } from '../observe.ts'
import type { Ask, Side } from '../room/side.ts'
import type { Sighting } from '../room/upstreams.ts'

const LONG = 'abcdefg '.repeat(8_000).trim()

const host = (name: string): string => `${name}.mirror.example`

/** What original and copy were: who saw which method, target, host and body. */
async function both(side: Side, ask: Ask): Promise<string> {
  const { response, seen } = await side.send(ask)
  const all = [...seen]
  // The copy may come later than the answer.
  await until('the copy', () => all.push(...side.take()) > 1)
  return [String(response.status), ...copies(all)].join(', ')
}

function copies(all: readonly Sighting[]): readonly string[] {
  return all
    .map(({ service, method, target, headers: lines, body }) => {
      const to = lines.find(([name]) => name === 'host')?.[1] ?? ''
      return `${service} ${method} ${to.replace(/:\d+$/, ':<port>')}${target}${body === '' ? '' : ` ${body}`}`
    })
    .sort()
}

export const mirror: ParityCase = {
  name: 'mirror',
  source: 'annotations/mirror/main.go; template.go buildMirrorLocations; nginx.tmpl mirror',
  services: { app: ['ok'], shadow: ['ok'], silent: ['silent'], dead: ['refused'] },
  manifests: (place) => {
    const target = `http://127.0.0.1:${String(place.port('shadow'))}$request_uri`
    const rule = (name: string, service = 'app') => [{ host: host(name), paths: [{ path: '/x', service }] }]
    return [
      ingress({ name: 'plain', annotations: { 'mirror-target': target }, rules: rule('plain') }),
      ingress({
        name: 'without-body',
        annotations: { 'mirror-target': target, 'mirror-request-body': 'off' },
        rules: rule('without-body'),
      }),
      ingress({
        name: 'named',
        annotations: { 'mirror-target': target, 'mirror-host': 'shadow.example' },
        rules: rule('named'),
      }),
      ingress({ name: 'closed', annotations: { 'mirror-target': target }, rules: rule('closed', 'dead') }),
      ingress({
        name: 'lost',
        annotations: { 'mirror-target': `http://127.0.0.1:${String(place.port('dead'))}$request_uri` },
        rules: rule('lost'),
      }),
    ]
  },
  nginx: (place) => {
    const mirrored = (
      name: string,
      target: string,
      options: { readonly body?: string; readonly to?: string; readonly service?: string },
    ) => {
      const { body = 'on', to = '127.0.0.1', service = 'app' } = options
      return server(
        place,
        host(name),
        prefix(
          '/x',
          `mirror /_mirror; mirror_request_body ${body}; ${headers()} ${DEFAULTS} proxy_pass http://${service};`,
        ),
        `location = /_mirror { internal; ${body === 'off' ? 'proxy_pass_request_body off; proxy_set_header Content-Length "";' : ''}
          proxy_set_header Host "${to}"; proxy_pass ${target}; }`,
      )
    }
    const shadow = `http://127.0.0.1:${String(place.port('shadow'))}$request_uri`
    return [
      mirrored('plain', shadow, { to: `127.0.0.1:${String(place.port('shadow'))}` }),
      mirrored('without-body', shadow, { body: 'off', to: `127.0.0.1:${String(place.port('shadow'))}` }),
      mirrored('named', shadow, { to: 'shadow.example' }),
      mirrored('closed', shadow, { to: `127.0.0.1:${String(place.port('shadow'))}`, service: 'dead' }),
      mirrored('lost', `http://127.0.0.1:${String(place.port('dead'))}$request_uri`, {}),
    ].join('\n')
  },
  checks: [
    scene('GET', '200, app GET plain.mirror.example/x?a=b, shadow GET 127.0.0.1:<port>/x?a=b', (side) =>
      both(side, { host: host('plain'), target: '/x?a=b' }),
    ),
    scene(
      'POST with its body',
      '200, app POST plain.mirror.example/x payload, shadow POST 127.0.0.1:<port>/x payload',
      (side) => both(side, { method: 'POST', host: host('plain'), target: '/x', body: 'payload' }),
    ),
    scene(
      'PUT in chunks',
      '200, app PUT plain.mirror.example/x payload, shadow PUT 127.0.0.1:<port>/x payload',
      (side) =>
        both(side, {
          method: 'PUT',
          host: host('plain'),
          target: '/x',
          headers: { 'Transfer-Encoding': 'chunked' },
          body: '3\r\npay\r\n4\r\nload\r\n0\r\n\r\n',
        }),
    ),
    scene(
      'a body of some reads',
      `200, app POST plain.mirror.example/x ${LONG}, shadow POST 127.0.0.1:<port>/x ${LONG}`,
      (side) => both(side, { method: 'POST', host: host('plain'), target: '/x', body: LONG }),
    ),
    scene('nobody serves: the copy is sent', '502, shadow POST 127.0.0.1:<port>/x payload', async (side) => {
      const { response, seen } = await side.send({
        method: 'POST',
        host: host('closed'),
        target: '/x',
        body: 'payload',
      })
      const all = [...seen]
      await until('the copy', () => all.push(...side.take()) > 0)
      return [String(response.status), ...copies(all)].join(', ')
    }),
    scene(
      'mirror-request-body: off',
      '200, app PUT without-body.mirror.example/x payload, shadow PUT 127.0.0.1:<port>/x',
      (side) => both(side, { method: 'PUT', host: host('without-body'), target: '/x', body: 'payload' }),
    ),
    scene('mirror-host', '200, app GET named.mirror.example/x, shadow GET shadow.example/x', (side) =>
      both(side, { host: host('named'), target: '/x' }),
    ),
    scene(
      'a path that is rewritten by nobody keeps its escapes',
      '200, app GET plain.mirror.example/x/a%2Fb%20c, shadow GET 127.0.0.1:<port>/x/a%2Fb%20c',
      (side) => both(side, { host: host('plain'), target: '/x/a%2Fb%20c' }),
    ),
    scene('a copy that fails is nobody’s business', '200', async (side) => {
      const { response } = await side.send({ host: host('lost'), target: '/x' })
      return String(response.status)
    }),
  ],
}
