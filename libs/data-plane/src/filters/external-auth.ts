import { GatewayError, type Reply, type UpstreamResponse } from '@postern/exchange'
import type { ExternalAuth, TemplatePart } from '@postern/routing-table'
import { clientCertificateFields } from '../client-certificate-fields.ts'
import { clientHeaders } from '../client-headers.ts'
import { escapeComponent } from '../escape-component.ts'
import type { FilterServices, PreparedFilter } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { redirectTo, Refusal } from '../reply.ts'
import { render, renderLine } from '../template.ts'
import { AnswerCache } from './answer-cache.ts'
import { answerLifetime } from './answer-lifetime.ts'
import { subrequest } from './subrequest.ts'

/** What an auth service said, as far as it matters afterwards. */
export interface AuthAnswer {
  readonly status: number
  readonly challenge: string | undefined
  /** To be copied to the upstream request. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly cookies: readonly string[]
}

/** Asks an auth service by a subrequest, as nginx's auth_request with ingress-nginx's headers. */
export function externalAuth(auth: ExternalAuth, services: FilterServices): PreparedFilter {
  const cache = auth.cache && new AnswerCache(auth.cache.ttlMs, services.clock)
  const cookies = new WeakMap<Journey, readonly string[]>()
  const replaced = replacedBy(auth)
  const ask = async (journey: Journey): Promise<AuthAnswer> => {
    const send = () => subrequest(services, journey, subrequestFor(auth, journey, replaced))
    if (auth.cache === undefined || cache === undefined) return readAnswer(auth, await send())
    const [key, asking] = [render(auth.cache.key, journey), journey.exchange.headers]
    const kept = cache.get(key, asking)
    if (kept !== undefined) return kept
    const response = await send()
    const lifetime = answerLifetime(response.headers, services.clock.date())
    const answer = readAnswer(auth, response)
    if (lifetime !== undefined) cache.put(key, asking, answer, lifetime)
    return answer
  }
  return {
    request: async (journey) => {
      let answer: AuthAnswer
      try {
        answer = await ask(journey)
      } catch (error) {
        return unreachable(error, services)
      }
      cookies.set(journey, answer.cookies)
      if (answer.status >= 200 && answer.status < 300) {
        for (const name of auth.responseHeaders) journey.exchange.requestEdits.remove(name)
        for (const [name, value] of answer.headers) journey.exchange.requestEdits.add(name, value)
        return undefined
      }
      return refusal(auth, answer, journey)
    },
    response: (journey, status) => {
      // nginx's add_header adds to these codes only, unless `always`.
      if (!auth.alwaysSetCookie && !ADD_HEADER_CODES.has(status)) return
      for (const cookie of cookies.get(journey) ?? [])
        journey.exchange.responseEdits.add('Set-Cookie', cookie)
    },
  }
}

const ADD_HEADER_CODES = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308])

// Neither what only the client's own connection means, nor what we are about to say with authority.
const REPLACED = new Set([
  'x-original-url',
  'x-original-method',
  'x-sent-from',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-auth-request-redirect',
  'x-request-id',
])
const REPLACED_WITH_METHOD = new Set([...REPLACED, 'x-original-uri', 'x-scheme'])

/** What a client says under a name that we set is nobody's word, not even where our value is empty. */
function replacedBy({ method, requestHeaders }: ExternalAuth): ReadonlySet<string> {
  const ours = requestHeaders.map(([name]) => name.toLowerCase())
  return new Set([...(method === undefined ? REPLACED : REPLACED_WITH_METHOD), ...ours])
}

function subrequestFor(
  auth: ExternalAuth,
  journey: Journey,
  replaced: ReadonlySet<string>,
): Parameters<typeof subrequest>[2] {
  const { exchange, client } = journey
  const redirect: readonly TemplatePart[] | undefined = auth.requestRedirect
  const url = new URL(render(auth.url, journey))
  return {
    url,
    ...(auth.backend !== undefined && { backend: auth.backend }),
    ...(auth.tls !== undefined && { tls: auth.tls }),
    // ingress-nginx leaves the port out, and auth services are set up for that.
    host: url.hostname,
    method: auth.method ?? 'GET',
    headers: [
      ...clientHeaders(journey, replaced),
      ['X-Original-URL', `${client.scheme}://${client.authority}${exchange.target}`],
      ['X-Original-Method', exchange.method],
      ['X-Sent-From', 'nginx-ingress-controller'],
      ['X-Real-IP', client.address],
      ['X-Forwarded-For', client.forwardedFor],
      ['X-Auth-Request-Redirect', redirect === undefined ? exchange.target : renderLine(redirect, journey)],
      ['X-Request-ID', journey.requestId],
      // As ingress-nginx: these two only where a method of its own is asked for.
      ...(auth.method === undefined
        ? []
        : ([
            ['X-Original-URI', exchange.target],
            ['X-Scheme', client.scheme],
          ] as const)),
      ...clientCertificateFields(journey),
      ...auth.requestHeaders
        .map(([name, value]) => [name, renderLine(value, journey)] as const)
        .filter(([, value]) => value !== ''),
    ],
  }
}

function readAnswer(auth: ExternalAuth, response: UpstreamResponse): AuthAnswer {
  const headers: (readonly [string, string])[] = []
  for (const name of auth.responseHeaders) {
    const value = response.headers.get(name)
    if (value !== undefined) headers.push([name, value])
  }
  const cookies: string[] = []
  response.headers.each((name, value) => {
    if (name.toLowerCase() === 'set-cookie') cookies.push(value)
  })
  response.discard()
  return { status: response.status, challenge: response.headers.get('www-authenticate'), headers, cookies }
}

function refusal(auth: ExternalAuth, answer: AuthAnswer, journey: Journey): Reply {
  if (answer.status === 401 && auth.signinUrl !== undefined)
    return redirectTo(302, signinLocation(auth, auth.signinUrl, journey))
  if (answer.status === 401 || answer.status === 403) {
    const challenge = answer.challenge === undefined ? [] : [['WWW-Authenticate', answer.challenge] as const]
    return new Refusal(answer.status, 'the auth service refused', challenge)
  }
  return new Refusal(500, `the auth service answered ${String(answer.status)}; expected 2xx, 401 or 403`)
}

function signinLocation(auth: ExternalAuth, signinUrl: readonly TemplatePart[], journey: Journey): string {
  const url = render(signinUrl, journey)
  const { exchange, client } = journey
  if (url.includes(`${auth.signinRedirectParam}=`)) return url
  const target = `${client.scheme}://${client.authority}${escapeComponent(exchange.target)}`
  return `${url}${url.includes('?') ? '&' : '?'}${auth.signinRedirectParam}=${target}`
}

function unreachable(error: unknown, { warn }: FilterServices): Reply {
  if (error instanceof GatewayError && error.code === 'client-gone') throw error
  const why = error instanceof Error ? error.message : String(error)
  warn(`the auth service could not be asked: ${why}`)
  return new Refusal(500, `the auth service could not be asked: ${why}`)
}
