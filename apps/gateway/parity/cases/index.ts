import type { ParityCase } from '../case.ts'
import { affinity } from './affinity.ts'
import { appRoot } from './app-root.ts'
import { authExtras } from './auth-extras.ts'
import { backend } from './backend.ts'
import { basicAuth } from './basic-auth.ts'
import { bodyLimit } from './body-limit.ts'
import { canary } from './canary.ts'
import { catchAllBackend } from './catch-all.ts'
import { clientCertificates } from './client-certificates.ts'
import { cors } from './cors.ts'
import { customHeaders } from './custom-headers.ts'
import { errorPages } from './error-pages.ts'
import { externalAuth } from './external-auth.ts'
import { forwardedHeaders } from './forwarded-headers.ts'
import { globalSettings } from './global-settings.ts'
import { hash } from './hash.ts'
import { hosts } from './hosts.ts'
import { ipLists } from './ip-lists.ts'
import { logs } from './logs.ts'
import { merging } from './merging.ts'
import { mirror } from './mirror.ts'
import { normalisation } from './normalisation.ts'
import { order } from './order.ts'
import { passthrough } from './passthrough.ts'
import { pathTypes } from './path-types.ts'
import { randomPaths } from './random-paths.ts'
import { randomTargets } from './random-targets.ts'
import { rateLimit } from './rate-limit.ts'
import { redirect } from './redirect.ts'
import { regexTakeover } from './regex-takeover.ts'
import { responseRate } from './response-rate.ts'
import { responseRewrites } from './response-rewrites.ts'
import { rewrite } from './rewrite.ts'
import { sslRedirect } from './ssl-redirect.ts'
import { tlsChoice } from './tls-choice.ts'
import { trustedProxies } from './trusted-proxies.ts'
import { upstreamTls } from './upstream-tls.ts'
import { upstreamTrouble } from './upstream-trouble.ts'
import { webSocket } from './websocket.ts'
import { www } from './www.ts'

/** Every group, in the order of the semantics paper. */
export const CASES: readonly ParityCase[] = [
  pathTypes,
  regexTakeover,
  randomPaths,
  randomTargets,
  rewrite,
  appRoot,
  hosts,
  merging,
  normalisation,
  sslRedirect,
  tlsChoice,
  clientCertificates,
  passthrough,
  redirect,
  www,
  cors,
  basicAuth,
  externalAuth,
  authExtras,
  ipLists,
  rateLimit,
  responseRate,
  bodyLimit,
  order,
  upstreamTrouble,
  upstreamTls,
  canary,
  affinity,
  hash,
  backend,
  mirror,
  errorPages,
  catchAllBackend,
  customHeaders,
  forwardedHeaders,
  trustedProxies,
  responseRewrites,
  globalSettings,
  webSocket,
  logs,
]
