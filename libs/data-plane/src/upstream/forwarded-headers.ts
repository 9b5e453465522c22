import type { Exchange } from '@postern/exchange'
import { clientCertificateFields } from '../client-certificate-fields.ts'
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
  for (const [name, value] of clientCertificateFields(journey)) exchange.requestEdits.set(name, value)
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
