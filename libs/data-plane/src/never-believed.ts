/** Fields that upstreams believe of us and nobody else: a client may never send them itself. */
export const NEVER_BELIEVED: readonly string[] = [
  // https://httpoxy.org: CGI programs take `Proxy` for HTTP_PROXY.
  'proxy',
  'ssl-client-verify',
  'ssl-client-subject-dn',
  'ssl-client-issuer-dn',
  'ssl-client-cert',
]
