import type { Reply } from '@postern/exchange'
import type { ClientCertificatePolicy } from '@postern/routing-table'
import { clientFailure } from '../client-failure.ts'
import { compileRegex } from '../linear-regex.ts'
import type { Journey } from '../journey.ts'
import { redirectTo, Refusal } from '../reply.ts'

/**
 * Checks the client's certificate once the host is known: 400 when it does not do, 403 when its name does not fit.
 * The handshake followed the rules of the host in the server name. Where Host names another one, whatever it verified was
 * verified against another authority, or against none: 421 (RFC 9110 §15.5.20), as nginx answers.
 */
export function clientCertificateCheck(
  policy: ClientCertificatePolicy,
): (journey: Journey) => Reply | undefined {
  const name = policy.matchCommonName
  const fits = name === undefined ? undefined : compileRegex(name, { ignoreCase: false, anchored: false })
  const refuse = (reason: string): Reply =>
    policy.errorPage === undefined ? new Refusal(400, reason) : redirectTo(302, policy.errorPage)
  return ({ exchange }) => {
    const { tls } = exchange.connection
    if (tls === undefined)
      return policy.mode === 'on' ? refuse('a client certificate needs HTTPS') : undefined
    if (tls.serverName?.toLowerCase() !== exchange.host)
      return new Refusal(
        421,
        'the connection was opened for another host, whose certificate rules are not ours',
      )
    if (tls.client === undefined)
      return policy.mode === 'on' ? refuse('no client certificate was sent') : undefined
    const failure = clientFailure(tls.client, policy)
    if (failure !== undefined && !(policy.mode === 'optional_no_ca' && UNKNOWN_ISSUER.has(failure)))
      return refuse(`the client certificate failed: ${failure}`)
    if (fits !== undefined && !fits.test(tls.client.subject))
      return new Refusal(403, 'the subject of the client certificate does not fit')
    return undefined
  }
}

// All that nginx forgives with optional_no_ca: nobody here knows the issuer. A certificate that is forged or expired stays bad.
const UNKNOWN_ISSUER = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
