import type { TLSSocket } from 'node:tls'
import { ingress, RawClient, tlsSecret } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { catchAll, NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { ask, scene } from '../observe.ts'
import { namesShown } from '../room/side.ts'

const DOMAIN = 'choice.example'
const host = (name: string): string => `${name}.${DOMAIN}`
const shown = (serverName: string, gives: string) =>
  scene(`the certificate for ${serverName === '' ? 'nobody' : serverName}`, gives, (side) =>
    namesShown(side.https, serverName),
  )
const STRONG = 'ECDHE-ECDSA-AES256-GCM-SHA384'
const WEAKER = 'ECDHE-ECDSA-AES128-GCM-SHA256'
/** What a client of TLS 1.2 that offers these agrees upon; in 1.3 nobody chooses by such a list. */
const agreed = (serverName: string, offered: string, gives: string) =>
  scene(`${serverName} with ${offered}`, gives, async (side) => {
    const tls = {
      servername: serverName,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
      ciphers: offered,
    } as const
    try {
      const client = await RawClient.open({ port: side.https, tls })
      const { name } = (client.socket as TLSSocket).getCipher()
      client.close()
      return name
    } catch {
      return 'nothing in common'
    }
  })
const secretOf = (name: string, names: readonly string[]) => ({ hosts: names, secretName: name })
const HSTS = {
  lines: ['+ answer strict-transport-security: max-age=31536000; includeSubDomains'],
  because:
    'HSTS is a line of Lua in ingress-nginx’s header filter, which the servers of this group leave out',
}

export const tlsChoice: ParityCase = {
  name: 'which certificate is shown',
  source: 'controller.go getDefaultSSLCertificate and createServers; rootfs/etc/nginx/lua/certificate.lua',
  services: { app: ['ok'] },
  certificates: {
    exact: [host('shop')],
    wildcard: [`*.${DOMAIN}`],
    several: [host('one'), host('two')],
    other: ['other.example'],
    fallback: ['fallback.example'],
  },
  flags: ['--default-ssl-certificate', 'default/fallback'],
  manifests: (place) => [
    ...['exact', 'wildcard', 'several', 'other', 'fallback'].map((name) =>
      tlsSecret(name, place.certificate(name)),
    ),
    ingress({
      name: 'shop',
      tls: [secretOf('exact', [host('shop')])],
      rules: [{ host: host('shop'), paths: [{ service: 'app' }] }],
    }),
    ingress({
      name: 'strong',
      annotations: { 'ssl-ciphers': STRONG },
      tls: [secretOf('wildcard', [host('strong')])],
      rules: [{ host: host('strong'), paths: [{ service: 'app' }] }],
    }),
    ingress({
      name: 'wild',
      tls: [secretOf('wildcard', [`*.${DOMAIN}`])],
      rules: [{ host: `*.${DOMAIN}`, paths: [{ service: 'app' }] }],
    }),
    // No tls.hosts: the names in the certificate decide.
    ingress({
      name: 'by-san',
      tls: [secretOf('several', [])],
      rules: ['one', 'two', 'three'].map((name) => ({ host: host(name), paths: [{ service: 'app' }] })),
    }),
    ingress({
      name: 'mismatch',
      tls: [secretOf('other', [host('mismatch')])],
      rules: [{ host: host('mismatch'), paths: [{ service: 'app' }] }],
    }),
    ingress({
      name: 'missing',
      tls: [secretOf('nobody', [host('missing')])],
      rules: [{ host: host('missing'), paths: [{ service: 'app' }] }],
    }),
  ],
  // certificate.lua looks in a table: the exact name, the wildcard of one label, the default. Servers of nginx do the same.
  nginx: (place) => {
    const shows = (name: string): string => {
      const { certFile, keyFile } = place.certificate(name)
      return `ssl_certificate ${certFile}; ssl_certificate_key ${keyFile};`
    }
    const app = prefix('/', pass('app'))
    return [
      catchAll(place, shows('fallback'), NOWHERE),
      server(place, host('shop'), shows('exact'), app),
      server(place, host('strong'), shows('wildcard'), `ssl_ciphers ${STRONG};`, app),
      // template.go buildServerName: one label.
      server(place, `~^(?<subdomain>[\\w-]+)\\.${DOMAIN.replace('.', '\\.')}$`, shows('wildcard'), app),
      server(place, `${host('one')} ${host('two')}`, shows('several'), app),
      // Its own certificate does not name it; the wildcard of its neighbour does.
      server(place, host('three'), shows('fallback'), app),
      server(place, `${host('mismatch')} ${host('missing')}`, shows('fallback'), app),
    ].join('\n')
  },
  checks: [
    shown(host('shop'), host('shop')),
    shown(host('any'), `*.${DOMAIN}`),
    shown(`a.b.${DOMAIN}`, 'fallback.example'),
    shown(DOMAIN, 'fallback.example'),
    shown(host('one'), `${host('one')}, ${host('two')}`),
    shown(host('two'), `${host('one')}, ${host('two')}`),
    shown(host('mismatch'), 'fallback.example'),
    shown(host('missing'), 'fallback.example'),
    shown('unknown.example', 'fallback.example'),
    shown('', 'fallback.example'),
    // Server names are compared without regard to case (RFC 6066 §3).
    shown(host('SHOP'), host('shop')),
    ask({ host: host('shop'), target: '/x', tls: true }, '200 app /x', HSTS),
    agreed(host('strong'), `${WEAKER}:${STRONG}`, STRONG),
    agreed(host('strong'), WEAKER, 'nothing in common'),
    agreed(host('shop'), WEAKER, WEAKER),
    // SNI chooses the certificate, Host the rules.
    ask({ host: host('shop'), target: '/x', tls: true, serverName: 'unknown.example' }, '200 app /x', HSTS),
    ask({ host: 'unknown.example', target: '/x', tls: true, serverName: host('shop') }, '404', HSTS),
  ],
}
