import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'

const HOST = 'norm.example'

const forwarded = (nginx: string, postern: string) => ({
  lines: [`- 200 ${nginx}`, `+ 200 ${postern}`],
  because:
    'nginx matches the normalised path and forwards the raw one; Postern forwards what it matched, so that no upstream reads another path than the one that was let through',
})

const hash = scene(
  'a # in the target',
  '200 /x#admin',
  async (side) => {
    const { response, seen } = await side.send({ host: HOST, target: '/x#admin' })
    return [String(response.status), ...seen.map(({ target }) => target)].join(' ')
  },
  {
    lines: ['- 200 /x#admin', '+ 400'],
    because:
      'a request target has no fragment (RFC 9112 §3.2); nginx forwards it and each upstream reads it its own way',
  },
)

export const normalisation: ParityCase = {
  name: 'normalisation of paths',
  source:
    'nginx: ngx_http_parse_complex_uri, merge_slashes; proxy_pass without a URI forwards the target as received',
  services: { open: ['ok'], admin: ['ok'], spaced: ['ok'] },
  manifests: () => [
    ingress({
      name: 'norm',
      rules: [
        {
          host: HOST,
          paths: [
            { path: '/', service: 'open' },
            { path: '/admin', service: 'admin' },
          ],
        },
      ],
    }),
  ],
  nginx: (place) => server(place, HOST, prefix('/', pass('open')), prefix('/admin', pass('admin'))),
  checks: [
    get(HOST, '/admin', '200 admin /admin'),
    get(HOST, '//admin', '200 admin //admin', forwarded('admin //admin', 'admin /admin')),
    get(HOST, '/x//admin', '200 open /x//admin', forwarded('open /x//admin', 'open /x/admin')),
    get(HOST, '/./admin', '200 admin /./admin', forwarded('admin /./admin', 'admin /admin')),
    get(HOST, '/x/../admin', '200 admin /x/../admin', forwarded('admin /x/../admin', 'admin /admin')),
    get(HOST, '/admin/..', '200 open /admin/..', forwarded('open /admin/..', 'open /')),
    get(HOST, '/admin/../', '200 open /admin/../', forwarded('open /admin/../', 'open /')),
    get(HOST, '/%61dmin', '200 admin /%61dmin'),
    get(HOST, '/admin%2Fx', '200 admin /admin%2Fx'),
    get(
      HOST,
      '/x%2F..%2Fadmin',
      '200 admin /x%2F..%2Fadmin',
      forwarded('admin /x%2F..%2Fadmin', 'admin /admin'),
    ),
    get(
      HOST,
      '/x/%2e%2e/admin',
      '200 admin /x/%2e%2e/admin',
      forwarded('admin /x/%2e%2e/admin', 'admin /admin'),
    ),
    get(HOST, '/%2e/admin', '200 admin /%2e/admin', forwarded('admin /%2e/admin', 'admin /admin')),
    get(HOST, '/ADMIN', '200 open /ADMIN'),
    get(HOST, '/admin;x=1', '200 open /admin;x=1'),
    get(HOST, '/admin/;x=1', '200 admin /admin/;x=1'),
    get(HOST, '/a%20b', '200 open /a%20b'),
    get(HOST, '/%C3%A9', '200 open /%C3%A9'),
    get(HOST, '/%ff', '200 open /%ff'),
    get(HOST, '/x%5C..%5Cadmin', '200 open /x%5C..%5Cadmin'),
    get(HOST, '/admin%3Fx', '200 open /admin%3Fx'),
    get(HOST, '/admin?a=/../x//y', '200 admin /admin?a=/../x//y'),
    get(HOST, '/x?', '200 open /x?'),
    get(HOST, '/x??a?b', '200 open /x??a?b'),
    get(HOST, '/...', '200 open /...'),
    get(HOST, '/..x', '200 open /..x'),
    get(HOST, '/../admin', '400'),
    get(HOST, '/x/../../admin', '400'),
    get(HOST, '/%2e%2e/admin', '400'),
    get(HOST, '/x%00y', '400'),
    get(HOST, '/%zz', '400'),
    get(HOST, '/%2', '400'),
    get(HOST, '/100%', '400'),
    ask({ host: HOST, target: `http://${HOST}/admin/x?y` }, '200 admin /admin/x?y'),
    ask({ method: 'OPTIONS', host: HOST, target: '*' }, '400'),
    get(HOST, 'admin', '400'),
    hash,
  ],
}
