import { ingress, type ManifestObject } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { get } from '../observe.ts'

const HOST = 'merged.example'
const TIE = 'tie.example'

const createdAt = (object: ManifestObject, creationTimestamp: string): ManifestObject => ({
  ...object,
  metadata: { ...(object['metadata'] as ManifestObject), creationTimestamp },
})
const rules = (host: string, service: string, ...paths: readonly string[]) => [
  { host, paths: paths.map((path) => ({ path, service })) },
]

export const merging: ParityCase = {
  name: 'several Ingresses of one host',
  source:
    'internal/ingress/controller/store/store.go sortIngressSlice; controller.go getBackendServers: the first that names a path has it',
  services: { old: ['ok'], young: ['ok'], a: ['ok'], z: ['ok'] },
  manifests: () => [
    createdAt(
      ingress({ name: 'young', rules: rules(HOST, 'young', '/both', '/young') }),
      '2025-01-02T00:00:00Z',
    ),
    createdAt(ingress({ name: 'old', rules: rules(HOST, 'old', '/both', '/old') }), '2024-01-02T00:00:00Z'),
    // The same age: the later name comes first.
    ingress({ name: 'a', rules: rules(TIE, 'a', '/both', '/a') }),
    ingress({ name: 'z', rules: rules(TIE, 'z', '/both', '/z') }),
    ingress({
      name: 'no-service',
      rules: [{ host: 'none.example', paths: [{ path: '/x', service: 'does-not-exist' }] }],
    }),
  ],
  nginx: (place) =>
    [
      server(
        place,
        HOST,
        prefix('/both', pass('old')),
        prefix('/old', pass('old')),
        prefix('/young', pass('young')),
        NOWHERE,
      ),
      server(
        place,
        TIE,
        prefix('/both', pass('z')),
        prefix('/a', pass('a')),
        prefix('/z', pass('z')),
        NOWHERE,
      ),
      // A Service that does not exist is a backend without endpoints.
      server(place, 'none.example', prefix('/x', 'return 503;'), NOWHERE),
    ].join('\n'),
  checks: [
    get(HOST, '/both', '200 old /both'),
    get(HOST, '/both/x', '200 old /both/x'),
    get(HOST, '/old', '200 old /old'),
    get(HOST, '/young', '200 young /young'),
    get(HOST, '/none', '404'),
    get(TIE, '/both', '200 z /both'),
    get(TIE, '/a', '200 a /a'),
    get(TIE, '/z', '200 z /z'),
    get('none.example', '/x', '503'),
    get('none.example', '/', '404'),
  ],
}
