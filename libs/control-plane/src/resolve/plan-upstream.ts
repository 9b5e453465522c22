import { Redacted, type TemplatePart, type UpstreamPolicy, type UpstreamTls } from '@postern/routing-table'
import { Refusal } from '../annotations/value.ts'
import type { IngressAnnotations } from '../annotations/features.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { CompileSettings } from '../settings.ts'
import type { LookUp } from './look-up.ts'

/** How requests travel to the backends of an Ingress; a refusal names what is wrong with proxy-ssl-secret. */
export function planUpstream(
  ingress: Ingress,
  settings: IngressAnnotations,
  look: LookUp,
  { compat }: CompileSettings,
): UpstreamPolicy | Refusal {
  const { protocol, host } = settings.upstream
  const encrypted = protocol === 'https' || protocol === 'grpcs' || protocol === 'auto'
  // A Secret that is named and cannot be had denies the paths whatever is spoken, as in ingress-nginx.
  const asked = encrypted || settings.upstreamTls.secret !== undefined
  const tls = asked ? upstreamTls(ingress, settings, look, compat) : undefined
  if (tls instanceof Refusal) return tls
  const { responseRewrite, redirect, body } = settings
  const answer = responseRewrite && {
    ...responseRewrite,
    ...(redirect.relative && { relative: redirect.relative }),
  }
  // nginx switches the rate off for what it does not buffer (ngx_http_upstream_send_response).
  const rate = body.isBuffered ? settings.responseRate : undefined
  return {
    protocol,
    ...(encrypted && tls && { tls }),
    timeouts: settings.timeouts,
    retry: settings.retries,
    ...(host !== undefined && { host }),
    maxResponseHeadBytes: body.maxResponseHeadBytes,
    ...(answer && { answer }),
    ...(rate && { rate }),
    pipelining: settings.sharing,
  }
}

/** How requests travel to a Service that ends TLS itself, for whoever could not be led there unopened. */
export function planOverTls(
  ingress: Ingress,
  settings: IngressAnnotations,
  look: LookUp,
  compile: CompileSettings,
): UpstreamPolicy | Refusal | undefined {
  if (!settings.hostTls.passthrough) return undefined
  const { protocol } = settings.upstream
  const upstream = { ...settings.upstream, protocol: protocol === 'grpcs' ? protocol : 'https' } as const
  return planUpstream(ingress, { ...settings, upstream }, look, compile)
}

/**
 * TLS to a service that an annotation names by an `https:` URL; undefined for another one. What `proxy-ssl-*` say of a server
 * holds in nginx for all that it asks, so by default nobody is verified; without `proxy-ssl-name` the name is the URL's.
 */
export function tlsToService(
  [first]: readonly TemplatePart[],
  ingress: Ingress,
  settings: IngressAnnotations,
  look: LookUp,
  { compat }: CompileSettings,
): UpstreamTls | Refusal | undefined {
  if (first?.kind !== 'text' || !/^https:/i.test(first.text)) return undefined
  const tls = upstreamTls(ingress, settings, look, compat)
  return tls instanceof Refusal ? new Refusal(tls.problem, 'proxy-ssl-secret', tls.fix) : tls
}

function upstreamTls(
  ingress: Ingress,
  { upstreamTls: wanted }: IngressAnnotations,
  look: LookUp,
  compat: CompileSettings['compat'],
): UpstreamTls | Refusal {
  const verify = wanted.verifyByDefault ? compat === 'spec' : wanted.verify
  const files = wanted.secret === undefined ? {} : tlsFiles(wanted.secret, ingress, look)
  if (files instanceof Refusal) return files
  return {
    verify,
    ...(wanted.serverName && { serverName: wanted.serverName }),
    ...files,
    ...(wanted.minVersion && { minVersion: wanted.minVersion }),
    ...(wanted.ciphers && { ciphers: wanted.ciphers }),
  }
}

type TlsFiles = Pick<UpstreamTls, 'caPem' | 'certificate'>

function tlsFiles(
  name: NonNullable<IngressAnnotations['upstreamTls']['secret']>,
  ingress: Ingress,
  look: LookUp,
): TlsFiles | Refusal {
  const secret = look.secret(name, ingress)
  if (secret instanceof Refusal) return secret
  const text = (key: string): string | undefined => secret.data.get(key)?.reveal().toString('utf8')
  const [caPem, certPem, keyPem] = [text('ca.crt'), text('tls.crt'), text('tls.key')]
  const pair = certPem !== undefined && keyPem !== undefined
  if (caPem === undefined && !pair)
    return new Refusal(
      `Secret ${secret.namespace}/${secret.name} has neither ca.crt nor tls.crt with tls.key`,
    )
  return {
    ...(caPem !== undefined && { caPem }),
    ...(pair && { certificate: { certPem, keyPem: new Redacted(keyPem) } }),
  }
}
