import type { Exchange, RelayResult, Reply, UpstreamResponse } from '@postern/exchange'
import type { BackendTarget } from '@postern/routing-table'
import type { FilterServices } from './filter.ts'
import { Journey } from './journey.ts'
import { matchHost } from './match/match-host.ts'
import { matchRoute } from './match/match-route.ts'
import type { PreparedTable } from './prepared.ts'
import { emptyReply, Refusal } from './reply.ts'
import { completeReply } from './respond/complete-reply.ts'
import { replyFor } from './respond/reply-for.ts'
import { editResponse } from './respond/response-edits.ts'
import { addTrace } from './respond/trace-header.ts'
import { errorPage } from './upstream/error-page.ts'
import { forward } from './upstream/forward.ts'
import { addForwardedHeaders } from './upstream/forwarded-headers.ts'
import { rewriteAnswer } from './upstream/rewrite-answer.ts'

/** Called once per exchange, when the last byte is gone or the client is. */
export type Record = (journey: Journey, result: RelayResult) => void

// nginx's proxy_read_timeout and proxy_send_timeout bound a silent tunnel; the larger one is what people set.
const idleMs = ({ readMs, sendMs }: { readMs: number; sendMs: number }): number => Math.max(readMs, sendMs)

/** The road a request travels, from the first header to the last byte. `table` is read once, by the caller. */
export async function serve(
  exchange: Exchange,
  table: PreparedTable,
  services: FilterServices,
  record: Record,
): Promise<void> {
  const journey = new Journey(exchange, table, services.clock.now())
  let result: RelayResult = { status: 499, bodyBytes: 0, complete: false }
  try {
    // A promise is waited for, and nothing else: every wait costs each request a turn of the microtask queue.
    const early = match(journey) ?? runFilters(journey, services)
    const answer = (early instanceof Promise ? await early : early) ?? answerOf(journey, services)
    const reply = answer instanceof Promise ? await answer : answer
    const sent = 'endpoint' in reply ? relay(journey, reply, services) : refuse(journey, reply, services)
    result = sent instanceof Promise ? await sent : sent
    if (sent instanceof Promise) journey.now = services.clock.now()
  } catch (error) {
    result = await recover(journey, error, services)
    journey.now = services.clock.now()
  } finally {
    journey.finish()
    record(journey, result)
  }
}

function match(journey: Journey): Reply | undefined {
  const { exchange, table } = journey
  const host = matchHost(table, exchange)
  journey.host = host
  journey.route = matchRoute(host, table, exchange.path.normalized)
  return host?.checkClientCertificate?.(journey)
}

/** Runs the filters from the given one on. Only those that wait make the request wait. */
function runFilters(
  journey: Journey,
  services: FilterServices,
  from = 0,
): Reply | undefined | Promise<Reply | undefined> {
  const { requestFilters } = journey.route
  for (let index = from; index < requestFilters.length; index++) {
    const outcome = requestFilters[index]?.(journey)
    if (outcome === undefined) continue
    if (!(outcome instanceof Promise)) return stopped(journey, index, outcome)
    return outcome.then((early) => {
      journey.now = services.clock.now()
      return early === undefined ? runFilters(journey, services, index + 1) : stopped(journey, index, early)
    })
  }
  return undefined
}

function stopped(journey: Journey, index: number, early: Reply): Reply {
  journey.stoppedBy = journey.route.requestKinds[index]
  return early
}

function answerOf(journey: Journey, services: FilterServices): Reply | Promise<Reply | UpstreamResponse> {
  const { target } = journey.route.route
  if (target.kind === 'redirect') return emptyReply(target.status, ['Location', target.location])
  if (target.kind === 'fixed') {
    journey.reason = target.reason
    return target.status === 200 ? emptyReply(200) : new Refusal(target.status, target.reason)
  }
  addForwardedHeaders(journey)
  const response = forward(journey, target, services)
  const { interceptErrors, answer } = target.policy
  return interceptErrors === undefined && answer === undefined
    ? response
    : response.then((received) => amend(journey, target, received, services))
}

/** An upstream's answer as this route wants it: another page for its status, other redirects and cookies. */
async function amend(
  journey: Journey,
  target: BackendTarget,
  response: UpstreamResponse,
  services: FilterServices,
): Promise<UpstreamResponse> {
  const { interceptErrors, answer } = target.policy
  if (interceptErrors !== undefined) {
    const page = await errorPage(journey, target, response.status, services)
    if (page !== undefined) {
      response.discard()
      return page
    }
  }
  if (answer !== undefined) rewriteAnswer(journey, answer, response.headers)
  return response
}

function relay(
  journey: Journey,
  response: UpstreamResponse,
  { engine, clock, explains }: FilterServices,
): RelayResult | Promise<RelayResult> {
  const { target } = journey.route.route
  editResponse(journey, response.status)
  if (explains) addTrace(journey, clock.now())
  journey.isAnswered = true
  if (target.kind !== 'backend') return engine.relay(journey.exchange, response)
  if (!response.upgraded) return engine.relay(journey.exchange, response, target.policy.rate)
  return engine.tunnel(journey.exchange, response, idleMs(target.policy.timeouts))
}

/** An answer of our own, unless an error backend has a page for its status. */
async function refuse(journey: Journey, reply: Reply, services: FilterServices): Promise<RelayResult> {
  if (reply instanceof Refusal) journey.reason = reply.reason
  const { target } = journey.route.route
  const page =
    target.kind === 'backend' ? await errorPage(journey, target, reply.status, services) : undefined
  if (page !== undefined) return relay(journey, page, services)
  editResponse(journey, reply.status)
  if (services.explains) addTrace(journey, services.clock.now())
  journey.isAnswered = true
  return services.engine.reply(journey.exchange, completeReply(reply, journey))
}

async function recover(journey: Journey, error: unknown, services: FilterServices): Promise<RelayResult> {
  const reply = replyFor(error)
  journey.reason = reply.reason
  if (reply.status >= 500 && reply.reason.startsWith('internal')) services.warn(reply.reason)
  const lost: RelayResult = { status: reply.status, bodyBytes: 0, complete: false }
  if (journey.isAnswered || reply.status === 499) return lost
  try {
    return await refuse(journey, reply, services)
  } catch (second) {
    services.warn(
      `an answer could not be written: ${second instanceof Error ? second.message : String(second)}`,
    )
    return lost
  }
}
