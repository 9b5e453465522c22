import type { Certificate, HostPattern } from '@postern/routing-table'
import { didYouMean } from '../did-you-mean.ts'
import type { FieldPath } from '../manifest.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { HostDrafts } from './hosts.ts'
import { note, type Joining } from './joining.ts'
import type { WwwHost } from './www.ts'

/**
 * A certificate is chosen per host of a rule; hosts that stand in a tls section alone have none to serve. One that only
 * redirects to its neighbour with or without `www.` shows the neighbour's.
 */
export function noteIdleHosts(hosts: HostDrafts, www: readonly WwwHost[], joining: Joining): void {
  const neighbours = new Map<string, string>(www.map(({ host, to }) => [host, to]))
  const ingresses = new Set([...hosts.values()].flatMap(({ plans }) => plans.map((plan) => plan.ingress)))
  for (const ingress of ingresses) {
    for (const { hosts: listed, field } of ingress.tls) {
      for (const [index, host] of listed.entries()) {
        if (hosts.has(host as HostPattern)) continue
        const neighbour = neighbours.get(host)
        if (neighbour !== undefined && listed.includes(neighbour)) continue
        note(joining, ingress, [...field, 'hosts', index], {
          severity: 'warning',
          code: 'tls-host-without-rule',
          ...(neighbour === undefined
            ? {
                message: `no rule has the host ${host}, so its certificate is never shown`,
                fix: 'add a rule for it, or remove it here',
              }
            : {
                message: `${host} redirects to ${neighbour} and shows the certificate of that one, so its own is never shown`,
                fix: `list both in the section of ${neighbour}`,
              }),
        })
      }
    }
  }
}

const SOON_MS = 10 * 24 * 3_600_000

/** As ingress-nginx, such a certificate is served all the same: the client decides. */
export function noteTime(
  certificate: Certificate,
  field: FieldPath,
  ingress: Ingress,
  joining: Joining,
): void {
  const now = joining.settings.now?.()
  if (now === undefined) return
  const [start, end] = [Date.parse(certificate.notBefore), Date.parse(certificate.notAfter)]
  const say = (severity: 'error' | 'warning', code: string, message: string): void => {
    note(joining, ingress, field, { severity, code, message, fix: 'renew the certificate' })
  }
  if (end <= now)
    say(
      'error',
      'certificate-expired',
      `${certificate.id} expired on ${certificate.notAfter}; browsers refuse it`,
    )
  else if (start > now)
    say(
      'error',
      'certificate-not-yet-valid',
      `${certificate.id} is valid from ${certificate.notBefore} only; browsers refuse it`,
    )
  else if (end - now < SOON_MS)
    say('warning', 'certificate-expires-soon', `${certificate.id} expires on ${certificate.notAfter}`)
}

/** The Secret of the same namespace whose name is nearest. */
export function nearSecret(name: string, { namespace }: Ingress, { objects }: Joining): string | undefined {
  const neighbours = [...objects.secrets.values()].filter((secret) => secret.namespace === namespace)
  return didYouMean(
    name,
    neighbours.map((secret) => secret.name),
  )
}
