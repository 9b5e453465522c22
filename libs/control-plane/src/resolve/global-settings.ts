import type { ExternalAuth, GlobalSettings } from '@postern/routing-table'
import type { ControllerSettings } from '../annotations/controller.ts'
import type { CompileSettings } from '../settings.ts'

/** What the data plane needs to know of the global settings. */
export function settingsOf(read: ControllerSettings, compile: CompileSettings): GlobalSettings {
  const trusts = read['use-forwarded-headers'] || read['enable-real-ip']
  const hsts = {
    maxAgeS: read['hsts-max-age'],
    includeSubDomains: read['hsts-include-subdomains'],
    preload: read['hsts-preload'],
  }
  return {
    trustedProxies: trusts ? (read['proxy-real-ip-cidr'] ?? ['0.0.0.0/0', '::/0']) : [],
    appendForwardedFor: read['compute-full-forwarded-for'],
    proxyProtocol: read['use-proxy-protocol'],
    underscoresInHeaders: read['enable-underscores-in-headers'],
    // The specification knows no HSTS.
    ...(read.hsts && compile.compat === 'ingress-nginx' && { hsts }),
    // Its --health-check-path, whose default nobody changes.
    ...(compile.compat === 'ingress-nginx' && { probePath: '/healthz' }),
    httpsRedirectPort: compile.httpsRedirectPort,
  }
}

/** `global-auth-url` and its companions. */
export function globalAuthOf(read: ControllerSettings): ExternalAuth | undefined {
  const url = read['global-auth-url']
  if (url === undefined) return undefined
  return {
    url,
    ...(read['global-auth-method'] && { method: read['global-auth-method'] }),
    ...(read['global-auth-signin'] && { signinUrl: read['global-auth-signin'] }),
    signinRedirectParam: read['global-auth-signin-redirect-param'],
    responseHeaders: read['global-auth-response-headers'],
    ...(read['global-auth-request-redirect'] && { requestRedirect: read['global-auth-request-redirect'] }),
    alwaysSetCookie: read['global-auth-always-set-cookie'],
    requestHeaders: [],
  }
}
