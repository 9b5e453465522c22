import { ingress, serviceAt, type ManifestObject } from '@postern/testing'
import type { Confusion } from './confusions.ts'

const HOST = 'shop.example'
const shop = serviceAt('shop', [{ address: '10.0.0.7', port: 8080 }])
const root = (name: string, annotations: Readonly<Record<string, string>> = {}): ManifestObject =>
  ingress({ name, annotations, rules: [{ host: HOST, paths: [{ service: 'shop' }] }] })
const external = (externalName: string, ports: readonly object[]): ManifestObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop' },
  spec: { type: 'ExternalName', externalName, ports },
})
const namedPort = ingress({
  name: 'shop',
  rules: [{ host: HOST, paths: [{ service: 'shop', port: 'http' }] }],
})

const otherPaths = [{ service: 'shop' }, { path: '/own', service: 'beta' }]

/** What people meet after the twelve typical ones. Text of the answers: testdata/further-confusions.txt. */
export const FURTHER_CONFUSIONS: readonly Confusion[] = [
  { name: 'asked by address', url: 'http://127.0.0.1:8080/', objects: [root('shop'), ...shop] },
  { name: 'asked by IPv6 address', url: 'https://[::1]/', objects: [root('shop'), ...shop] },
  {
    name: 'password Secret missing',
    url: 'http://shop.example/',
    objects: [root('shop', { 'auth-type': 'basic', 'auth-secret': 'users' }), ...shop],
  },
  {
    name: 'annotation misspelt',
    url: 'http://shop.example/',
    objects: [root('shop', { 'rewrite-targt': '/' }), ...shop],
  },
  {
    name: 'annotation not in force',
    url: 'http://shop.example/',
    objects: [root('shop', { 'proxy-read-timeout': '3600s' }), ...shop],
  },
  {
    name: 'gRPC upstream',
    url: 'http://shop.example/',
    objects: [root('shop', { 'backend-protocol': 'GRPC' }), ...shop],
  },
  {
    name: 'snippet',
    url: 'http://shop.example/',
    objects: [root('shop', { 'server-snippet': 'location = /x {\n  return 301 /y;\n}' }), ...shop],
  },
  {
    name: 'default backend of a host with an allow list',
    url: 'http://shop.example/other',
    objects: [
      ingress({
        name: 'shop',
        annotations: { 'whitelist-source-range': '10.0.0.0/8' },
        rules: [{ host: HOST, paths: [{ path: '/admin', service: 'shop' }] }],
      }),
      ...shop,
    ],
  },
  {
    name: 'ExternalName of this machine',
    url: 'http://shop.example/',
    objects: [root('shop'), external('localhost', [{ port: 80 }])],
  },
  {
    name: 'ExternalName without the named port',
    url: 'http://shop.example/',
    objects: [namedPort, external('old.example', [])],
  },
  {
    name: 'Ingress of a removed version',
    url: 'http://shop.example/',
    objects: [{ ...root('shop'), apiVersion: 'extensions/v1beta1' }, ...shop],
  },
  {
    name: 'Ingress that names host and port',
    url: 'http://shop.example:8080/',
    objects: [
      ingress({ name: 'shop', rules: [{ host: 'Shop.example:8080', paths: [{ service: 'shop' }] }] }),
      ingress({ name: 'other', rules: [{ host: 'other.example', paths: [{ service: 'shop' }] }] }),
      ...shop,
    ],
  },
  {
    name: 'Secret that cert-manager makes',
    url: 'https://shop.example/',
    objects: [
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'shop' },
        spec: { secretName: 'shop-tls', dnsNames: [HOST] },
      },
      ingress({
        name: 'shop',
        tls: [{ hosts: [HOST], secretName: 'shop-tls' }],
        rules: [{ host: HOST, paths: [{ service: 'shop' }] }],
      }),
      ...shop,
    ],
  },
  {
    name: 'Secret named with its namespace',
    url: 'https://shop.example/',
    objects: [
      ingress({
        name: 'shop',
        tls: [{ hosts: [HOST], secretName: 'certs/shop-tls' }],
        rules: [{ host: HOST, paths: [{ service: 'shop' }] }],
      }),
      ...shop,
    ],
  },
  {
    name: 'one path of a canary too many',
    url: 'http://shop.example/new',
    objects: [
      root('shop'),
      ingress({
        name: 'shop-canary',
        annotations: { canary: 'true', 'canary-weight': '10' },
        rules: [{ host: HOST, paths: [{ service: 'beta' }, { path: '/new', service: 'beta' }] }],
      }),
      ...shop,
      ...serviceAt('beta', [{ address: '10.0.0.8', port: 8080 }]),
    ],
  },
  {
    name: 'canary of another host with the same Service',
    url: 'http://other.example/',
    objects: [
      root('shop'),
      ingress({ name: 'other', rules: [{ host: 'other.example', paths: otherPaths }] }),
      ingress({
        name: 'shop-canary',
        annotations: { canary: 'true', 'canary-weight': '10' },
        rules: [{ host: HOST, paths: [{ service: 'beta' }] }],
      }),
      ...shop,
      ...serviceAt('beta', [{ address: '10.0.0.8', port: 8080 }]),
    ],
  },
]
