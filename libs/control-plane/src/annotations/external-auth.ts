import type { ExternalAuth } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { httpUrl, urlOrPath } from './url.ts'
import { template } from './template.ts'
import {
  boolean,
  headerName,
  integer,
  list,
  method,
  objectName,
  Refusal,
  text,
  type ObjectName,
  type ParseValue,
} from './value.ts'

export interface ExternalAuthSettings {
  readonly auth?: ExternalAuth
  /** ConfigMap whose entries are added to the subrequest as headers. */
  readonly headersFrom?: ObjectName
  /** False: the ConfigMap's global-auth-url does not hold here. */
  readonly global: boolean
}

type CacheTimes = NonNullable<ExternalAuth['cache']>['ttlMs']

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** nginx's proxy_cache_valid: `200 202 401 5m`, several separated by commas; `any` or no status is every status. */
const cacheDuration: ParseValue<CacheTimes> = (value) => {
  const times: (readonly [number, number])[] = []
  for (const rule of value.split(',').map((part) => part.trim().split(/\s+/))) {
    const [, amount, unit = 's'] = /^(\d{1,9})(ms|s|m|h|d)?$/.exec(rule.at(-1) ?? '') ?? []
    const statuses = rule.slice(0, -1).map((status) => (status === 'any' ? 0 : Number(status)))
    const fits = statuses.every(
      (status) => status === 0 || (Number.isInteger(status) && status >= 100 && status <= 599),
    )
    if (amount === undefined || !fits) return new Refusal('expected statuses and a time, as 200 202 401 5m')
    const ttlMs = Number(amount) * (UNITS_MS[unit] ?? 1_000)
    for (const status of statuses.length === 0 ? [0] : statuses) times.push([status, ttlMs])
  }
  return times
}

const POOLED = { kind: 'no-op', because: 'connections are pooled and reused in any case' } as const

export const externalAuth = annotationFeature({
  name: 'External authentication',
  docs: 'Asks another service about every request: 2xx lets it pass, 401 and 403 are passed on, everything else is a 500. Ingress paths below /.well-known/acme-challenge are exempt (no-auth-locations).',
  switch: { key: 'auth-url', exempt: ['enable-global-auth'] },
  keys: {
    'auth-url': key(httpUrl, {
      bad: 'deny',
      meaning:
        'Who is asked. A Service by its cluster name (NAME.NAMESPACE.svc) that is among the manifests, or mapped, is asked at its ready endpoints.',
    }),
    'auth-method': key(method, {
      bad: 'deny',
      meaning: 'Method of the question; the client’s own when not set.',
    }),
    'auth-signin': key(urlOrPath, { bad: 'deny', meaning: 'Where a 401 sends the client (302).' }),
    'auth-signin-redirect-param': key(text(/^[\w.~-]+$/, 'expected the name of a query parameter'), {
      default: 'rd',
      bad: 'deny',
      meaning: 'Query parameter that carries the way back.',
    }),
    'auth-response-headers': key(list(headerName), {
      default: [],
      defaultText: 'none',
      bad: 'deny',
      meaning: 'Headers of the answer that go on to the upstream.',
    }),
    'auth-request-redirect': key(template, { meaning: 'Value of X-Auth-Request-Redirect.' }),
    'auth-always-set-cookie': key(boolean, {
      default: false,
      meaning: 'Cookies of the answer go to the client with every status.',
    }),
    'auth-proxy-set-headers': key(objectName, {
      tier: 2,
      bad: 'deny',
      meaning: 'ConfigMap with headers for the question.',
    }),
    'auth-cache-key': key(template, { tier: 2, bad: 'deny', meaning: 'Answers are kept under this key.' }),
    'auth-cache-duration': key(cacheDuration, {
      default: [
        [200, 300_000],
        [202, 300_000],
        [401, 300_000],
      ],
      defaultText: '200 202 401 5m',
      tier: 2,
      bad: 'deny',
      meaning: 'How long.',
    }),
    'auth-keepalive': key(integer(0), {
      tier: 2,
      meaning: 'Pool of connections to the service.',
      verdict: POOLED,
    }),
    'auth-keepalive-requests': key(integer(0), {
      tier: 2,
      meaning: 'Requests per pooled connection.',
      verdict: POOLED,
    }),
    'auth-keepalive-timeout': key(integer(0), {
      tier: 2,
      meaning: 'Idle time of pooled connections.',
      verdict: POOLED,
    }),
    'auth-keepalive-share-vars': key(boolean, {
      tier: 2,
      meaning: 'Shares request variables.',
      verdict: POOLED,
    }),
    'enable-global-auth': key(boolean, {
      default: true,
      tier: 2,
      meaning: 'Whether the ConfigMap’s global-auth-url holds here.',
    }),
  },
  read: (v): ExternalAuthSettings => ({
    global: v['enable-global-auth'],
    ...(v['auth-proxy-set-headers'] && { headersFrom: v['auth-proxy-set-headers'] }),
    ...(v['auth-url'] && {
      auth: {
        url: v['auth-url'],
        ...(v['auth-method'] && { method: v['auth-method'] }),
        ...(v['auth-signin'] && { signinUrl: v['auth-signin'] }),
        signinRedirectParam: v['auth-signin-redirect-param'],
        responseHeaders: v['auth-response-headers'],
        ...(v['auth-request-redirect'] && { requestRedirect: v['auth-request-redirect'] }),
        alwaysSetCookie: v['auth-always-set-cookie'],
        requestHeaders: [],
        ...(v['auth-cache-key'] && { cache: { key: v['auth-cache-key'], ttlMs: v['auth-cache-duration'] } }),
      },
    }),
  }),
})
