import type { BackendTarget } from '@postern/routing-table'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import { backendById } from './outcome.ts'
import { rewriteLoss } from './rewrite-loss.ts'
import { isToldOf } from './why-annotation.ts'
import type { Decided } from './why.ts'
import { filterOf, headerOf } from './why-refusal.ts'

/** What arrives, but not as it was meant: each is a question that people ask when the upstream complains. */
export function arrival(decided: Decided): readonly Finding[] {
  const { rehearsal } = decided
  if (rehearsal.stoppedBy !== undefined || rehearsal.route.target.kind !== 'backend') return []
  return ARRIVALS.flatMap((one) => one(decided, rehearsal.route.target as BackendTarget))
}

const ARRIVALS = [lostByRewrite, silentWebSocket, foreignOrigin, otherHeaderValue, plainToTls]

function lostByRewrite({ rehearsal: { route }, path }: Decided): readonly Finding[] {
  const rewrite = filterOf(route, 'rewrite')
  const loss = rewrite && rewriteLoss(rewrite.pattern, rewrite.target)
  const isWhole =
    loss?.code === 'rewrite-drops-path' && path.replace(/\/$/, '') === rewrite?.pattern.replace(/\/$/, '')
  if (loss === undefined || isWhole) return []
  const sentence = `${nameOf(route.origin)}: ${loss.message}: ${loss.fix}.`
  return [{ code: loss.code, sentence, ...placeOf(route.origin) }]
}

function silentWebSocket({ request, rehearsal: { route }, subject }: Decided, target: BackendTarget) {
  if (headerOf(request.headers, 'upgrade')?.toLowerCase() !== 'websocket') return []
  const { readMs, sendMs } = target.policy.timeouts
  const silenceS = Math.min(readMs, sendMs) / 1000
  if (silenceS > 600 || isToldOf('proxy-read-timeout', route.origin, subject)) return []
  const sentence = `A WebSocket that is silent for ${String(silenceS)} s is closed: set proxy-read-timeout: '3600' and proxy-send-timeout: '3600' on ${nameOf(route.origin)}, or let the application send pings.`
  return [{ code: 'websocket-silence', sentence, ...placeOf(route.origin) }]
}

/** The answer is there, and the browser shows it to nobody. */
function foreignOrigin({ request, rehearsal: { route, answer } }: Decided): readonly Finding[] {
  const cors = filterOf(route, 'cors')
  const origin = headerOf(request.headers, 'origin')
  const isAllowed = headerOf(answer.headers, 'access-control-allow-origin') !== undefined
  if (cors === undefined || origin === undefined || isAllowed) return []
  const sentence = `The gateway allows no page of ${origin} to read the answer, for cors-allow-origin of ${nameOf(route.origin)} has ${cors.allowOrigins.join(', ')}: add ${origin}.`
  return [{ code: 'cors-origin', sentence, ...placeOf(route.origin) }]
}

/** `canary-by-header` with a value: no other value chooses, not even `always`. */
function otherHeaderValue({ request }: Decided, { canary }: BackendTarget): readonly Finding[] {
  const header = canary?.header
  const sent = header && headerOf(request.headers, header.name.toLowerCase())
  if (canary === undefined || header?.value === undefined || sent === undefined || sent === header.value)
    return []
  const sentence = `${header.name}: ${sent} does not choose the canary ${nameOf(canary.origin)}, which wants the value ${header.value}: send that, or leave canary-by-header-value out to have always and never.`
  return [{ code: 'canary-header-value', sentence, ...placeOf(canary.origin) }]
}

const TLS_PORTS = ['443', '8443', 'https']

/** `The plain HTTP request was sent to HTTPS port`, or a connection that is closed at once. */
function plainToTls({ subject, rehearsal: { route, backend } }: Decided, target: BackendTarget) {
  if (target.policy.protocol !== 'http' || backend === undefined) return []
  const [namespace = '', name = '', port = ''] = backend.split('/')
  const service = subject.world.objects.services.get(`${namespace}/${name}`)
  const found = service?.ports.find((one) => String(one.port) === port || one.name === port)
  const ports = backendById(subject.compiled.table, backend)?.endpoints.map((one) => one.port) ?? []
  const signs = [found?.name, found?.port, found?.targetPort, ...ports].map(String)
  if (service === undefined || !signs.some((one) => TLS_PORTS.includes(one))) return []
  const sentence = `Port ${port} of Service ${nameOf(service.ref)} looks like one for TLS, and is spoken to in plain HTTP: if it speaks TLS, set backend-protocol: HTTPS on ${nameOf(route.origin)}.`
  return [{ code: 'plain-to-tls', sentence, ...placeOf(route.origin) }]
}
