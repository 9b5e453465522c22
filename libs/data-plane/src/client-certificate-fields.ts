import type { Journey } from './journey.ts'

/** What is told of the client's certificate where its host asks for one; whatever the client sent under these names is gone. */
export function clientCertificateFields({ exchange, host }: Journey): (readonly [string, string])[] {
  const policy = host?.clientAuth
  if (policy === undefined) return []
  const client = exchange.connection.tls?.client
  const fields: (readonly [string, string])[] = [['ssl-client-verify', verdict(client)]]
  if (client === undefined) return fields
  fields.push(['ssl-client-subject-dn', client.subject], ['ssl-client-issuer-dn', client.issuer])
  if (policy.passToUpstream) fields.push(['ssl-client-cert', encodeURIComponent(client.pem)])
  return fields
}

function verdict(client: { readonly verified: boolean; readonly error?: string } | undefined): string {
  if (client === undefined) return 'NONE'
  return client.verified ? 'SUCCESS' : `FAILED:${client.error ?? 'unknown'}`
}
