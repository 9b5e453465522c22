import {
  ANY_HOST,
  wildcardFor,
  type Certificate,
  type HostName,
  type HostPattern,
} from '@postern/routing-table'
import type { Ingress, IngressTls } from '../parse/ingress.ts'
import type { Aliases } from './aliases.ts'
import type { HostDrafts } from './hosts.ts'
import { certificateOf, coversHost } from './certificates.ts'
import { fallbackCertificate } from './fallback-certificate.ts'
import { note, placeOf, type Joining } from './joining.ts'
import { nearSecret, noteTime } from './lint-tls.ts'

/** The certificate of each host, and the one for everybody else. */
export interface TlsChoice {
  readonly certificates: ReadonlyMap<HostPattern, Certificate | 'fallback'>
  readonly fallback?: Certificate
}

/**
 * As ingress-nginx: the oldest Ingress of a host that has a `tls` section decides. A section that lists the host names the
 * Secret; otherwise the first Secret whose certificate covers the host. No Secret, or one that does not fit, means the
 * fallback certificate, and a finding that says why.
 */
export function chooseCertificates(hosts: HostDrafts, aliases: Aliases, joining: Joining): TlsChoice {
  const certificates = new Map<HostPattern, Certificate | 'fallback'>()
  for (const { host, plans } of hosts.values()) {
    if (aliases.has(host)) continue
    const withTls = plans.map((plan) => plan.ingress).filter((ingress) => ingress.tls.length > 0)
    const [owner, ...others] = withTls
    if (owner === undefined) continue
    certificates.set(host, chooseFor(host, owner, joining))
    for (const other of others) reportOther(host, owner, other, joining)
  }
  for (const [alias, { host }] of aliases) {
    const chosen = certificates.get(host)
    const fits = chosen === undefined || chosen === 'fallback' || coversHost(chosen, alias)
    if (chosen !== undefined) certificates.set(alias, fits ? chosen : 'fallback')
  }
  const fallback = fallbackCertificate(joining)
  return { certificates, ...(fallback && { fallback }) }
}

/** The certificate that a host is served with; undefined when it has no TLS of its own. */
export function certificateFor(
  host: HostPattern,
  { certificates, fallback }: TlsChoice,
): Certificate | undefined {
  const chosen = certificates.get(host)
  return chosen === 'fallback' ? fallback : chosen
}

/** A certificate is meant for this host: its own, or the one of the wildcard above it. */
export function isCovered(host: HostPattern, { certificates }: TlsChoice): boolean {
  if (host === ANY_HOST) return false
  const wildcard = host.startsWith('*.') ? undefined : wildcardFor(host as string as HostName)
  return certificates.has(host) || (wildcard !== undefined && certificates.has(wildcard))
}

function chooseFor(host: HostPattern, ingress: Ingress, joining: Joining): Certificate | 'fallback' {
  const section = ingress.tls.find((tls) => tls.hosts.includes(host))
  if (section === undefined) return firstThatCovers(host, ingress, joining) ?? 'fallback'
  if (section.secretName === undefined) return 'fallback'
  return fromSecret(host, section, ingress, joining)
}

function firstThatCovers(host: HostPattern, ingress: Ingress, joining: Joining): Certificate | undefined {
  for (const { secretName } of ingress.tls) {
    const secret =
      secretName === undefined ? undefined : joining.objects.secrets.get(`${ingress.namespace}/${secretName}`)
    const reading = secret && certificateOf(secret)
    if (reading && 'certificate' in reading && coversHost(reading.certificate, host))
      return reading.certificate
  }
  if (host !== ANY_HOST) {
    note(joining, ingress, ['spec', 'tls'], {
      severity: 'warning',
      code: 'tls-host-not-listed',
      message: `no section lists ${host} and no Secret here covers it, so it is served with the fallback certificate`,
      fix: `add ${host} to the hosts of a section`,
    })
  }
  return undefined
}

function fromSecret(
  host: HostPattern,
  section: IngressTls,
  ingress: Ingress,
  joining: Joining,
): Certificate | 'fallback' {
  const key = `${ingress.namespace}/${section.secretName ?? ''}`
  const field = [...section.field, 'secretName']
  const secret = joining.objects.secrets.get(key)
  const instead = `${host} is served with the fallback certificate`
  if (section.secretName?.includes('/') === true) {
    const [, own = ''] = section.secretName.split('/')
    note(joining, ingress, field, {
      code: 'tls-secret-name',
      message: `${JSON.stringify(section.secretName)} is no name of a Secret, and the API server refuses it: an Ingress reads its own namespace only; ${instead}`,
      fix: `write secretName: ${own}, and copy the Secret to namespace ${ingress.namespace}`,
    })
    return 'fallback'
  }
  if (secret === undefined) {
    const near = nearSecret(section.secretName ?? '', ingress, joining)
    const fix = near === undefined ? 'add the Secret (kubectl create secret tls)' : `did you mean ${near}?`
    note(joining, ingress, field, {
      code: 'tls-secret-missing',
      message: `there is no Secret ${key}; ${instead}`,
      fix,
    })
    return 'fallback'
  }
  const reading = certificateOf(secret)
  if ('problem' in reading) {
    note(joining, ingress, field, {
      code: 'tls-secret-unusable',
      message: `${reading.problem}; ${instead}`,
      fix: reading.fix,
    })
    return 'fallback'
  }
  if (!coversHost(reading.certificate, host)) {
    const names = reading.certificate.names.join(', ') || 'no name'
    const message = `the certificate of Secret ${key} is for ${names}, not for ${host}; ${instead}`
    note(joining, ingress, field, {
      code: 'tls-host-mismatch',
      message,
      fix: 'use a certificate that names the host',
    })
    return 'fallback'
  }
  noteTime(reading.certificate, field, ingress, joining)
  return reading.certificate
}

function reportOther(host: HostPattern, owner: Ingress, other: Ingress, joining: Joining): void {
  const section = other.tls.find((tls) => tls.hosts.includes(host))
  const chosen = owner.tls.find((tls) => tls.hosts.includes(host))
  const same = section?.secretName === chosen?.secretName && owner.namespace === other.namespace
  if (section === undefined || same) return
  joining.lost.push({
    what: 'certificate',
    host,
    winner: owner.ref,
    loser: other.ref,
    reason: 'the oldest Ingress with a tls section decides',
  })
  note(joining, other, section.field, {
    severity: 'warning',
    code: 'tls-conflict',
    message: `the certificate of ${host} is chosen by ${placeOf(owner)}, which is older; this section is not in force for it`,
    fix: 'use the same Secret in both',
  })
}
