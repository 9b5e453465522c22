import type { TlsFacts } from '@postern/exchange'
import type { ClientCertificatePolicy } from '@postern/routing-table'
import { clientFailure } from './client-failure.ts'
import type { Journey } from './journey.ts'

/** What is told of the client's certificate where its host asks for one; whatever the client sent under these names is gone. */
export function clientCertificateFields({ exchange, host }: Journey): (readonly [string, string])[] {
  const policy = host?.clientAuth
  if (policy === undefined) return []
  const client = exchange.connection.tls?.client
  const fields: (readonly [string, string])[] = [['ssl-client-verify', verdict(client, policy)]]
  if (client === undefined) return fields
  fields.push(['ssl-client-subject-dn', client.subject], ['ssl-client-issuer-dn', client.issuer])
  if (policy.passToUpstream) fields.push(['ssl-client-cert', encodeURIComponent(client.pem)])
  return fields
}

function verdict(client: TlsFacts['client'], policy: ClientCertificatePolicy): string {
  if (client === undefined) return 'NONE'
  const failure = clientFailure(client, policy)
  return failure === undefined ? 'SUCCESS' : `FAILED:${failure}`
}
