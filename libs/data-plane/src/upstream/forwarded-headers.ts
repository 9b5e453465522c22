import type { Journey } from '../journey.ts'

/**
 * Tells the upstream who asked, as ingress-nginx does. `X-Forwarded-*` of a client that is not a trusted proxy is
 * replaced, never appended to; what it sent stays visible as `X-Original-Forwarded-*`.
 */
export function addForwardedHeaders(journey: Journey): void {
  const { exchange, client, table } = journey
  const { headers, requestEdits } = exchange
  const originalFor = headers.get('x-forwarded-for')
  const originalHost = headers.get('x-forwarded-host')

  requestEdits.set('X-Request-ID', journey.requestId)
  requestEdits.set('X-Real-IP', client.address)
  requestEdits.set('X-Forwarded-For', client.forwardedFor)
  requestEdits.set('X-Forwarded-Host', client.authority)
  requestEdits.set('X-Forwarded-Port', client.port)
  requestEdits.set('X-Forwarded-Proto', client.scheme)
  requestEdits.set('X-Forwarded-Scheme', client.scheme)
  requestEdits.set('X-Scheme', client.scheme)
  if (originalFor === undefined) requestEdits.remove('X-Original-Forwarded-For')
  else requestEdits.set('X-Original-Forwarded-For', originalFor)
  if (originalHost === undefined) requestEdits.remove('X-Original-Forwarded-Host')
  else requestEdits.set('X-Original-Forwarded-Host', originalHost)
  // https://httpoxy.org: CGI programs take `Proxy` for HTTP_PROXY.
  requestEdits.remove('Proxy')
  if (!table.settings.underscoresInHeaders) removeUnderscored(journey)
  addClientCertificate(journey)
}

// CGI and WSGI make `x_real_ip` and `x-real-ip` one variable: nginx drops the former unless told otherwise.
function removeUnderscored({ exchange }: Journey): void {
  exchange.headers.each((name) => {
    if (name.includes('_')) exchange.requestEdits.remove(name)
  })
}

const CERTIFICATE_HEADERS = [
  'ssl-client-verify',
  'ssl-client-subject-dn',
  'ssl-client-issuer-dn',
  'ssl-client-cert',
] as const

// Believed by upstreams, so that a client may never send them itself.
function addClientCertificate({ exchange, host }: Journey): void {
  const { requestEdits } = exchange
  for (const name of CERTIFICATE_HEADERS) requestEdits.remove(name)
  const policy = host?.clientAuth
  if (policy === undefined) return
  const client = exchange.connection.tls?.client
  requestEdits.set('ssl-client-verify', verdict(client))
  if (client === undefined) return
  requestEdits.set('ssl-client-subject-dn', client.subject)
  requestEdits.set('ssl-client-issuer-dn', client.issuer)
  if (policy.passToUpstream) requestEdits.set('ssl-client-cert', encodeURIComponent(client.pem))
}

function verdict(client: { readonly verified: boolean; readonly error?: string } | undefined): string {
  if (client === undefined) return 'NONE'
  return client.verified ? 'SUCCESS' : `FAILED:${client.error ?? 'unknown'}`
}
