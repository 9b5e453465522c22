import type { TlsFacts } from '@postern/exchange'
import type { ClientCertificatePolicy } from '@postern/routing-table'

/**
 * Why a client's certificate is not good for a host; undefined when it is. A chain that is longer than the host allows fails as
 * with OpenSSL, which gives up looking for the authority: Node cannot tell it how far to look.
 */
export function clientFailure(
  { verified, error, depth }: NonNullable<TlsFacts['client']>,
  policy: ClientCertificatePolicy,
): string | undefined {
  if (!verified) return error ?? 'unknown'
  return depth > policy.depth ? 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' : undefined
}
