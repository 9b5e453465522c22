import { affinity } from './affinity.ts'
import { basicAuth } from './basic-auth.ts'
import { body } from './body.ts'
import { canary } from './canary.ts'
import { clientCertificate } from './client-certificate.ts'
import { cors } from './cors.ts'
import { customHeaders } from './custom-headers.ts'
import { errorPages } from './error-pages.ts'
import { externalAuth } from './external-auth.ts'
import type { Feature, Keys } from './feature.ts'
import { hostTls } from './host-tls.ts'
import { httpsRedirect } from './https-redirect.ts'
import { ipAccess } from './ip-access.ts'
import { loadBalance } from './load-balance.ts'
import { logs } from './logs.ts'
import { mirror } from './mirror.ts'
import { OWN_FEATURES } from './own.ts'
import { rateLimit } from './rate-limit.ts'
import { redirect } from './redirect.ts'
import { refused } from './refused.ts'
import { responseRate } from './response-rate.ts'
import { responseRewrite } from './response-rewrite.ts'
import { retries } from './retries.ts'
import { rewrite } from './rewrite.ts'
import { satisfy } from './satisfy.ts'
import { serverAlias } from './server-alias.ts'
import { timeouts } from './timeouts.ts'
import { upstreamTls } from './upstream-tls.ts'
import { upstream } from './upstream.ts'
import type { Refusal } from './value.ts'

/** Every feature, in the order of the documentation. A new one is one line here and one file beside. */
export const FEATURES = {
  rewrite,
  httpsRedirect,
  redirect,
  cors,
  rateLimit,
  responseRate,
  ipAccess,
  basicAuth,
  externalAuth,
  satisfy,
  body,
  timeouts,
  retries,
  canary,
  affinity,
  loadBalance,
  upstream,
  upstreamTls,
  errorPages,
  customHeaders,
  serverAlias,
  hostTls,
  clientCertificate,
  mirror,
  responseRewrite,
  logs,
  refused,
} as const

/** What the annotations of one Ingress mean, one entry per feature. */
export type IngressAnnotations = Meanings<typeof FEATURES> & Meanings<typeof OWN_FEATURES>

type Meanings<Features> = {
  readonly [Name in keyof Features]: Features[Name] extends Feature<infer _K, infer Result>
    ? Exclude<Result, Refusal>
    : never
}

type Listed<Features> = readonly (readonly [name: keyof Features, feature: Feature<Keys>])[]

/** All features of ingress-nginx without their types: for loops over keys. */
export const ALL_FEATURES = Object.entries(FEATURES) as unknown as Listed<typeof FEATURES>

/** Those of our own, whose keys are whole names. */
export const ALL_OWN_FEATURES = Object.entries(OWN_FEATURES) as unknown as Listed<typeof OWN_FEATURES>

export const PREFIX = 'nginx.ingress.kubernetes.io/'
