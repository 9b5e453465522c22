import type { Rehearsal } from '@postern/data-plane'
import type { RoutingTable, VirtualHost } from '@postern/routing-table'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import type { ExplainRequest } from './request.ts'
import { isAddress, nearestHost } from './stages/host-stage.ts'
import { sectionsFor } from './stages/tls-stage.ts'
import type { Subject } from './subject.ts'
import { misspelt, notInForce, whyDenied } from './why-annotation.ts'
import { arrival } from './why-arrival.ts'
import { authLoop } from './why-auth-loop.ts'
import { whyEmpty } from './why-empty.ts'
import { borrowedCanary, idleCanary } from './why-canary.ts'
import { nearPath, nearWildcard, openEnd } from './why-near.ts'
import { addressRefused, bodyTooLarge, redirectLoop } from './why-refusal.ts'
import { whyNotBuilt, whyOtherwiseBuilt } from './why-unapplied.ts'
import { whyNotServed, whyRefused } from './why-not-served.ts'

/** What was decided, for whoever judges whether it was meant so. */
export interface Decided {
  readonly request: ExplainRequest
  readonly subject: Subject
  readonly rehearsal: Rehearsal
  readonly host: VirtualHost | undefined
  readonly path: string
}

type Why = (decided: Decided) => readonly Finding[]

/** The usual confusions, the one that decides first. Each is one sentence that names the fix. */
const WHYS: readonly Why[] = [
  ({ rehearsal, subject }) => (isDefault(rehearsal) ? whyNotBuilt(subject) : []),
  notServed,
  denied,
  wrongHost,
  ({ rehearsal, subject }) => misspelt(rehearsal.route.origin, subject),
  literalRegex,
  noPath,
  openEnd,
  bodyTooLarge,
  redirectLoop,
  authLoop,
  addressRefused,
  missingSlash,
  emptyBackend,
  emptyAuthService,
  fallbackCertificate,
  arrival,
  unmarkedCanary,
  lostPath,
  idleCanary,
  borrowedCanary,
  ({ rehearsal, subject }) => notInForce(rehearsal.route.origin, subject),
  ({ rehearsal: { route }, subject }) => whyOtherwiseBuilt(route.origin, subject),
]

export function findingsOf(decided: Decided): readonly Finding[] {
  // Whoever balances over gateways is answered as it expects: nothing is confused.
  if (decided.rehearsal.route.id === 'probe') return []
  const found = WHYS.flatMap((why) => why(decided))
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()]
}

/** An Ingress has a rule for this request, and is not ours. */
function notServed({ request, subject, rehearsal }: Decided): readonly Finding[] {
  if (rehearsal.route.origin.kind === 'Ingress' && rehearsal.host !== undefined && !isDefault(rehearsal))
    return []
  const host = hostOf(request)
  return [...whyNotServed(host, subject), ...whyRefused(host, subject)]
}

function denied({ rehearsal, subject }: Decided): readonly Finding[] {
  const { target, origin } = rehearsal.route
  return target.kind === 'fixed' ? whyDenied(origin, subject) : []
}

function wrongHost(decided: Decided): readonly Finding[] {
  const { request, subject, rehearsal } = decided
  const host = hostOf(request)
  if (rehearsal.host !== undefined || isNamedElsewhere(host, subject) || notServed(decided).length > 0)
    return []
  if (subject.world.objects.ingresses.size === 0) {
    const sentence =
      'There is no Ingress among these manifests, so the default backend answers: name the files that hold it with --manifests.'
    return [{ code: 'no-ingress', sentence }]
  }
  const sentence = isAddress(host)
    ? addressForName(request, subject.compiled.table)
    : `No rule is for the host ${host}${wildcardNote(host, subject.compiled.table)}, so the default backend answers: ${hostFix(host, subject.compiled.table)}.`
  return [{ code: 'wrong-host', sentence }]
}

function wildcardNote(host: string, table: RoutingTable): string {
  const near = nearWildcard(host, table)
  return near === undefined ? '' : ` (${near})`
}

function hostFix(host: string, { hosts }: RoutingTable): string {
  const near = nearestHost(host, hosts)
  const add = `add a rule with host: ${host}`
  return near === undefined ? add : `ask for ${near}, or ${add}`
}

/** Somebody asks by the address of the gateway. A rule cannot name an address. */
function addressForName({ authority, scheme, port }: ExplainRequest, { hosts }: RoutingTable): string {
  const named = hosts.find(({ host }) => !host.startsWith('*'))?.host ?? 'shop.example'
  const address = authority.replace(/:\d*$/, '')
  const url = `${scheme}://${named}${authority.slice(address.length)}/`
  return `${address} is an address, and rules are chosen by the name in the Host header, so the default backend answers: ask by name (curl --resolve ${named}:${String(port)}:${address} ${url}), or add a rule without a host.`
}

/** A pattern among paths that are compared letter by letter. */
function literalRegex({ host, rehearsal, path }: Decided): readonly Finding[] {
  if (host === undefined || !isDefault(rehearsal)) return []
  const odd = host.routes.find(({ path: rule }) => {
    if (rule.kind === 'regex' || !/[()[\]|*+?$^\\]/.test(rule.value)) return false
    const literal = /^[^()[\]|*+?$^\\]*/.exec(rule.value)?.[0] ?? ''
    return path.startsWith(literal.replace(/\/$/, ''))
  })
  if (odd === undefined) return []
  const sentence = `The path ${odd.path.value} of ${nameOf(odd.origin)} is compared letter by letter, because nothing on ${host.host} makes paths regular expressions: add the annotation use-regex: 'true' and write pathType: ImplementationSpecific.`
  return [{ code: 'prefix-with-regex', sentence, ...placeOf(odd.origin) }]
}

function noPath(decided: Decided): readonly Finding[] {
  const { host, rehearsal, path, subject } = decided
  if (host === undefined || !isDefault(rehearsal) || host.routes.length === 0) return []
  const near = nearPath(decided)
  if (near.length > 0) return near
  const hostless = host.host !== '*' && subject.compiled.table.hosts.some((one) => one.host === '*')
  const through = hostless
    ? '; rules without a host are never asked, since this host has rules of its own'
    : ''
  const { stoppedBy, route, answer } = rehearsal
  // As in ingress-nginx, the Ingress that opens a host lends its annotations to the host's default backend too.
  const obeyed =
    stoppedBy === undefined || route.origin.kind !== 'Ingress'
      ? ''
      : ` under the annotations of ${nameOf(route.origin)}, which comes first on this host (${stoppedBy}: ${String(answer.status)})`
  const sentence = `No path of ${host.host} covers ${path}, so the default backend answers${obeyed}${through}: add a path for it, or a Prefix /.`
  return [{ code: 'default-backend', sentence, ...placeOf(host.routes[0]?.origin ?? rehearsal.route.origin) }]
}

function missingSlash({ rehearsal, path }: Decided): readonly Finding[] {
  if (!rehearsal.route.id.endsWith('#slash')) return []
  const sentence = `The rule of ${nameOf(rehearsal.route.origin)} is written ${path}/ with a slash at its end, so ${path} is sent there: write the path as ${path} to serve both.`
  return [{ code: 'no-trailing-slash', sentence, ...placeOf(rehearsal.route.origin) }]
}

function emptyBackend({ rehearsal, subject }: Decided): readonly Finding[] {
  const { target } = rehearsal.route
  const id = rehearsal.backend ?? (target.kind === 'backend' ? target.backend : undefined)
  const backend = subject.compiled.table.backends.find((one) => one.id === id)
  if (backend === undefined || backend.endpoints.length > 0 || backend.dns !== undefined) return []
  if (rehearsal.stoppedBy !== undefined) return []
  return [whyEmpty(backend.id, subject)]
}

function emptyAuthService({ rehearsal, subject }: Decided): readonly Finding[] {
  const { stoppedBy, answer, route } = rehearsal
  const access = route.filters.find(({ kind }) => kind === 'access')
  const id = access?.kind === 'access' ? access.external?.backend : undefined
  if (id === undefined || stoppedBy !== 'access' || answer.status !== 500) return []
  const { sentence, ...finding } = whyEmpty(id, subject)
  return [{ ...finding, sentence: `The auth service cannot be asked: ${sentence.replace('503', '500')}` }]
}

function fallbackCertificate({ request, subject }: Decided): readonly Finding[] {
  if (request.scheme !== 'https') return []
  const identity = subject.tls.select(request.serverName)
  if (identity !== undefined && identity.certificate.origin.kind !== 'Default') return []
  const [section] = sectionsFor(request.serverName, subject)
  const why =
    section === undefined
      ? `no tls section names it: add tls: [{hosts: [${request.serverName}], secretName: …}] to its Ingress`
      : section.text
  const code = section?.text.includes('is in namespace') ? 'secret-elsewhere' : 'missing-secret'
  const sentence = `${request.serverName} is shown the fallback certificate: ${why}${why.endsWith('…') ? '' : '.'}`
  return [{ code, sentence, ...(section?.place !== undefined && { place: section.place }) }]
}

/** Keys of a canary without the one that makes it one: an Ingress of its own, which wants what another has. */
function unmarkedCanary({ rehearsal, subject, host }: Decided): readonly Finding[] {
  const origin = nameOf(rehearsal.route.origin)
  return subject.compiled.provenance.lost.flatMap(({ host: at, winner, loser }) =>
    at === host?.host && nameOf(winner) === origin
      ? [winner, loser]
          .flatMap((one) => notInForce(one, subject))
          .filter(({ sentence }) => sentence.startsWith('Annotation canary-'))
      : [],
  )
}

function lostPath({ rehearsal, subject, host }: Decided): readonly Finding[] {
  const place = placeOf(rehearsal.route.origin).place
  return subject.compiled.provenance.lost.flatMap((claim) => {
    const same = claim.what === 'path' && claim.host === host?.host && placeOf(claim.winner).place === place
    if (!same || nameOf(claim.winner) !== nameOf(rehearsal.route.origin)) return []
    const sentence = `${nameOf(claim.winner)} and ${nameOf(claim.loser)} both claim ${claim.host}${claim.path ?? ''}, and the former has it (${claim.reason}): keep the path in one of them; in a cluster the older Ingress wins.`
    return [{ code: 'two-ingresses', sentence, ...placeOf(claim.loser) }]
  })
}

function isDefault({ host, route }: Rehearsal): boolean {
  return host === undefined || route.id.endsWith('(default)') || route.origin.kind === 'Default'
}

function isNamedElsewhere(host: string, { world }: Subject): boolean {
  return [...world.objects.ingresses.values()].some(({ rules }) => rules.some((rule) => rule.host === host))
}

function hostOf({ authority }: ExplainRequest): string {
  return authority.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}

export function hostByPattern(table: RoutingTable, pattern: string | undefined): VirtualHost | undefined {
  return table.hosts.find(({ host }) => host === pattern)
}
