import type { Exchange } from '@postern/exchange'
import type { Journey } from '../journey.ts'

/**
 * Tells the upstream who asked, as ingress-nginx does. `X-Forwarded-*` of a client that is not a trusted proxy is
 * replaced, never appended to; what it sent stays visible as `X-Original-Forwarded-*`.
 */
export function addForwardedHeaders(journey: Journey): void {
  const { exchange, client, table } = journey
  exchange.requestEdits.set('X-Request-ID', journey.requestId)
  exchange.requestEdits.apply(client.forwarded)
  keepOriginal(exchange, 'x-forwarded-for', 'X-Original-Forwarded-For')
  keepOriginal(exchange, 'x-forwarded-host', 'X-Original-Forwarded-Host')
  if (!table.settings.underscoresInHeaders) removeUnderscored(journey)
  addClientCertificate(journey)
}

function keepOriginal({ headers, requestEdits }: Exchange, name: string, original: string): void {
  const sent = headers.get(name)
  if (sent !== undefined) requestEdits.set(original, sent)
  else if (headers.has(original)) requestEdits.remove(original)
}

// CGI and WSGI make `x_real_ip` and `x-real-ip` one variable: nginx drops the former unless told otherwise.
function removeUnderscored({ exchange }: Journey): void {
  exchange.headers.each((name) => {
    if (name.includes('_')) exchange.requestEdits.remove(name)
  })
}

// Whatever the client sent under these names is gone by now.
function addClientCertificate({ exchange, host }: Journey): void {
  const policy = host?.clientAuth
  if (policy === undefined) return
  const { requestEdits } = exchange
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
