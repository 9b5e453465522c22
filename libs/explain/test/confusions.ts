import { ingress, serviceAt, tlsSecret, type ManifestObject } from '@postern/testing'

/** A thing that people get wrong, and the request that makes them ask. */
export interface Confusion {
  readonly name: string
  readonly url: string
  readonly objects: readonly ManifestObject[]
}

const HOST = 'shop.example'
const shop = serviceAt('shop', [{ address: '10.0.0.7', port: 8080 }])
const bare = (name: string, labels: Record<string, string> = {}): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [] } } },
})
const serviceFor = (selector: Record<string, string>): ManifestObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop' },
  spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
})
const root = (name: string, host = HOST): ManifestObject =>
  ingress({ name, rules: [{ host, paths: [{ service: 'shop' }] }] })
const at = (
  path: string,
  pathType: 'Exact' | 'Prefix' = 'Prefix',
  port: number | string = 80,
): ManifestObject =>
  ingress({ name: 'shop', rules: [{ host: HOST, paths: [{ path, pathType, service: 'shop', port }] }] })
const secure = (secretName: string): ManifestObject =>
  ingress({
    name: 'shop',
    tls: [{ hosts: [HOST], secretName }],
    rules: [{ host: HOST, paths: [{ service: 'shop' }] }],
  })
const noPem = { certPem: 'none', keyPem: 'none' }

/** The twelve typical ones. Text of the answers: testdata/confusions.txt. */
export const CONFUSIONS: readonly Confusion[] = [
  { name: 'wrong host', url: 'http://shop.exmple/', objects: [root('shop'), ...shop] },
  { name: 'no trailing slash', url: 'http://shop.example/cart', objects: [at('/cart/'), ...shop] },
  {
    name: 'Prefix with regex',
    url: 'http://shop.example/api/users',
    objects: [at('/api(/|$)(.*)'), ...shop],
  },
  { name: 'missing Secret', url: 'https://shop.example/', objects: [secure('shop-tls'), ...shop] },
  {
    name: 'Secret elsewhere',
    url: 'https://shop.example/',
    objects: [secure('shop-tls'), tlsSecret('shop-tls', noPem, 'certs'), ...shop],
  },
  { name: 'no endpoints', url: 'http://shop.example/', objects: [root('shop'), serviceFor({ app: 'shop' })] },
  {
    name: 'label missing',
    url: 'http://shop.example/',
    objects: [root('shop'), serviceFor({ app: 'shop', secure: 'enabled' }), bare('shop', { app: 'shop' })],
  },
  { name: 'port name wrong', url: 'http://shop.example/', objects: [at('/', 'Prefix', 'htp'), ...shop] },
  {
    name: 'two Ingresses one path',
    url: 'http://shop.example/',
    objects: [root('alpha'), root('beta'), ...shop],
  },
  {
    name: 'canary shadow',
    url: 'http://shop.example/',
    objects: [
      root('shop'),
      ingress({
        name: 'shop-canary',
        annotations: { canary: 'true', 'canary-weight': '10' },
        rules: [{ host: HOST, paths: [{ path: '/new', service: 'shop' }] }],
      }),
      ...shop,
    ],
  },
  {
    name: 'default backend',
    url: 'http://shop.example/other',
    objects: [at('/cart'), ingress({ name: 'any', rules: [{ paths: [{ service: 'shop' }] }] }), ...shop],
  },
  {
    name: 'class not served',
    url: 'http://shop.example/',
    objects: [
      { ...root('shop'), spec: { ...(root('shop')['spec'] as object), ingressClassName: 'traefik' } },
      ...shop,
    ],
  },
]
