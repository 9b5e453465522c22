import type { TemplatePart } from '@postern/routing-table'
import type { IngressAnnotations } from '../annotations/features.ts'
import type { Note } from '../parse/notes.ts'
import type { CompileSettings } from '../settings.ts'

interface Advice extends Note {
  /** The annotation that it is about. */
  readonly key: string
  readonly when: (settings: IngressAnnotations, compat: CompileSettings['compat']) => boolean
}

const isEncrypted = ({ upstream }: IngressAnnotations): boolean =>
  upstream.protocol === 'https' || upstream.protocol === 'grpcs'

const isHttps = ([first]: readonly TemplatePart[] = []): boolean =>
  first?.kind === 'text' && /^https:/i.test(first.text)

/** Values that are good one by one and surprising together. */
const ADVICE: readonly Advice[] = [
  {
    key: 'x-forwarded-prefix',
    code: 'prefix-without-rewrite',
    when: ({ rewrite }) => rewrite.forwardedPrefix !== undefined && rewrite.target === undefined,
    message: 'says nothing without rewrite-target, as with ingress-nginx',
    fix: 'add rewrite-target',
  },
  {
    key: 'enable-cors',
    code: 'cors-star-with-credentials',
    when: ({ cors }) => cors?.allowCredentials === true && cors.allowOrigins.includes('*'),
    message: 'browsers refuse credentials from any origin (Fetch standard, CORS check)',
    fix: `list the origins in cors-allow-origin, or set cors-allow-credentials: 'false'`,
  },
  {
    key: 'affinity',
    code: 'cookie-path-is-regex',
    when: ({ affinity, rewrite }, compat) =>
      compat === 'ingress-nginx' &&
      affinity.cookie !== undefined &&
      affinity.cookie.path === undefined &&
      (rewrite.useRegex || rewrite.target !== undefined),
    message: 'the path of the cookie would be a regular expression, which no browser matches',
    fix: 'set session-cookie-path',
  },
  {
    key: 'backend-protocol',
    severity: 'info',
    code: 'upstream-not-verified',
    when: (settings, compat) =>
      compat === 'ingress-nginx' && isEncrypted(settings) && settings.upstreamTls.verifyByDefault,
    message: 'the certificate of the upstream is not verified, as with ingress-nginx',
    fix: `set proxy-ssl-verify: 'on' and proxy-ssl-secret`,
  },
  {
    key: 'auth-url',
    severity: 'info',
    code: 'auth-not-verified',
    when: (settings, compat) =>
      compat === 'ingress-nginx' &&
      isHttps(settings.externalAuth.auth?.url) &&
      settings.upstreamTls.verifyByDefault,
    message: 'the certificate of the auth service is not verified, as with ingress-nginx',
    fix: `set proxy-ssl-verify: 'on', and proxy-ssl-secret with its ca.crt unless the system knows who issued it`,
  },
  {
    key: 'proxy-ssl-secret',
    code: 'upstream-tls-idle',
    when: (settings) =>
      settings.upstreamTls.secret !== undefined &&
      !isHttps(settings.externalAuth.auth?.url) &&
      !isHttps(settings.mirror?.url) &&
      settings.upstream.protocol !== 'auto' &&
      !settings.hostTls.passthrough &&
      !isEncrypted(settings),
    message: 'says nothing: the upstream is spoken to without TLS',
    fix: `set backend-protocol: 'HTTPS'`,
  },
  {
    key: 'backend-protocol',
    severity: 'error',
    code: 'grpc-not-yet',
    when: ({ upstream }) => upstream.protocol === 'grpc' || upstream.protocol === 'grpcs',
    message: 'gRPC needs HTTP/2 to the upstream, which is not spoken yet, so these paths answer 502',
    fix: 'leave this Ingress to ingress-nginx until then',
  },
  {
    key: 'limit-rate',
    code: 'rate-without-buffering',
    when: ({ responseRate, body }) => responseRate !== undefined && !body.isBuffered,
    message: 'says nothing without proxy-buffering, as with ingress-nginx',
    fix: `set proxy-buffering: 'on'`,
  },
  {
    key: 'canary',
    code: 'canary-without-rule',
    when: ({ canary }) => canary?.weight === 0 && canary.header === undefined && canary.cookie === undefined,
    message: 'nobody is ever sent to this canary',
    fix: 'set canary-weight, canary-by-header or canary-by-cookie',
  },
  {
    key: 'service-upstream',
    code: 'affinity-via-service',
    when: ({ affinity, loadBalance }) => affinity.cookie !== undefined && loadBalance.viaService,
    message: 'a Service’s own address has one endpoint: affinity says nothing',
    fix: 'remove one of them',
  },
]

/** What to tell the author of these annotations, as warnings unless it says otherwise. */
export function adviseOn(
  settings: IngressAnnotations,
  { compat }: CompileSettings,
): readonly { readonly key: string; readonly note: Note }[] {
  return ADVICE.filter(({ when }) => when(settings, compat)).map(({ key, when: _when, ...note }) => ({
    key,
    note: { severity: 'warning', ...note },
  }))
}
