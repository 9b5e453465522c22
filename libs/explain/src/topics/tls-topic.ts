import { certificateOf } from '@postern/control-plane'
import type { RoutingTable, TlsPassthrough } from '@postern/routing-table'
import { nameOf, placeOf } from '../explanation.ts'
import { formatOutcome, passedOutcome, passthroughOf } from '../outcome.ts'
import { nearestHost } from '../stages/host-stage.ts'
import { sectionsFor, tlsStage } from '../stages/tls-stage.ts'
import type { Subject } from '../subject.ts'
import type { Topic } from './topic.ts'

/** Which certificate a host is served with, from which Secret, or why it is the fallback. */
export function tlsTopic(host: string, subject: Subject, now: Date): Topic {
  const { table } = subject.compiled
  const passed = passthroughOf({ scheme: 'https', serverName: host }, table)
  if (passed !== undefined) return passedTopic(passed, table, subject)
  const stage = tlsStage(host, subject)
  const sections = sectionsFor(host, subject)
  const identity = subject.tls.select(host)
  const isFallback = identity === undefined || identity.certificate.origin.kind === 'Default'
  const lines = (marks: readonly { readonly text: string; readonly place?: string }[]): string[] =>
    marks.map(({ text, place }) => (place === undefined ? text : `${text} (${place})`))
  const near = nearestHost(host, table.hosts)
  const findings = isFallback
    ? [fallbackSentence(host, sections[0]?.text ?? noSection(host, near))]
    : expiry(host, identity.certificate.notAfter, now)
  return {
    title: `TLS of ${host}`,
    parts: [
      {
        heading: 'Decision',
        facts: isFallback ? [stage.decision] : [stage.decision, ...lines(stage.details)],
      },
      ...(sections.length === 0
        ? []
        : [{ heading: 'Sections that name it', facts: [...new Set(lines(sections))] }]),
      { heading: 'Redirect', facts: [redirectOf(host, subject)] },
      { heading: 'Secrets here', facts: secrets(subject) },
      {
        heading: 'Good to know',
        facts: [
          'the certificate is chosen by the server name (SNI) of the handshake, the route by the Host header: they need not agree',
          'a Secret is read in the Ingress’s own namespace, with the keys tls.crt (leaf first) and tls.key, which hold PEM and no paths',
        ],
      },
    ],
    findings,
    ...(isFallback && sections.length === 0 && !hasRules(host, subject) && { missing: true }),
  }
}

/** The certificate is the backend's own affair. */
function passedTopic(passed: TlsPassthrough, table: RoutingTable, subject: Subject): Topic {
  const { host, origin } = passed
  const { place } = placeOf(origin)
  const who = `Ingress ${nameOf(origin)} says ssl-passthrough${place === undefined ? '' : ` (${place})`}`
  return {
    title: `TLS of ${host}`,
    parts: [
      { heading: 'Decision', facts: [formatOutcome(passedOutcome(passed, table)), who] },
      { heading: 'Redirect', facts: [redirectOf(host, subject)] },
    ],
    findings: [],
  }
}

function hasRules(host: string, { compiled }: Subject): boolean {
  const patterns: readonly string[] = [host, host.replace(/^[^.]*/, '*'), '*']
  return compiled.table.hosts.some((one) => patterns.includes(one.host))
}

function expiry(host: string, notAfter: string, now: Date): readonly string[] {
  if (new Date(notAfter) > now) return []
  return [`The certificate of ${host} ended on ${notAfter.slice(0, 10)}: renew it.`]
}

function redirectOf(host: string, { compiled }: Subject): string {
  const routes = compiled.table.hosts.find((one) => one.host === host)?.routes ?? []
  // A slash that is added is no answer of its own.
  const own = routes.filter(({ id }) => !id.endsWith('#slash'))
  const redirecting = own.filter(({ filters }) => filters.some(({ kind }) => kind === 'https-redirect'))
  if (routes.length === 0) return 'no rule names this host'
  if (redirecting.length === 0)
    return 'plain HTTP is served as it is: no certificate is meant for this host, or ssl-redirect is off'
  return `plain HTTP is sent to HTTPS on ${String(redirecting.length)} of ${String(own.length)} routes`
}

function secrets({ world }: Subject): readonly string[] {
  const found = [...world.objects.secrets.values()].filter(
    ({ type, data }) => type === 'kubernetes.io/tls' || data.has('tls.crt'),
  )
  if (found.length === 0) return ['none of type kubernetes.io/tls']
  return found.map((secret) => {
    const reading = certificateOf(secret)
    const what =
      'problem' in reading
        ? `${reading.problem}: ${reading.fix}`
        : `for ${reading.certificate.names.join(', ')}, until ${reading.certificate.notAfter.slice(0, 10)}`
    const { place } = placeOf(secret.ref)
    return `${nameOf(secret.ref)} ${what}${place === undefined ? '' : ` (${place})`}`
  })
}

function noSection(host: string, near: string | undefined): string {
  const fix = `add tls: [{hosts: [${host}], secretName: …}] to its Ingress`
  return `no tls section names it: ${near === undefined || near === host ? fix : `${fix}, or did you mean ${near}?`}`
}

function fallbackSentence(host: string, why: string): string {
  return `${host} is shown the fallback certificate: ${why}${/[?…]$/.test(why) ? '' : '.'}`
}
