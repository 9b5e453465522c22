import type { IngressAnnotations } from '../annotations/features.ts'
import type { Note } from '../parse/notes.ts'
import type { CompileSettings } from '../settings.ts'

interface Advice {
  readonly key: string
  readonly note: Note
}

/** Values that are good one by one and surprising together. */
export function adviseOn(settings: IngressAnnotations, { compat }: CompileSettings): readonly Advice[] {
  const { rewrite, cors, affinity, upstream, upstreamTls, canary, loadBalance } = settings
  const advice: Advice[] = []
  const warn = (key: string, code: string, message: string, fix: string): void => {
    advice.push({ key, note: { severity: 'warning', code, message, fix } })
  }
  if (rewrite.forwardedPrefix !== undefined && rewrite.target === undefined) {
    warn(
      'x-forwarded-prefix',
      'prefix-without-rewrite',
      'says nothing without rewrite-target, as with ingress-nginx',
      'add rewrite-target',
    )
  }
  if (cors?.allowCredentials && cors.allowOrigins.includes('*')) {
    warn(
      'enable-cors',
      'cors-star-with-credentials',
      'browsers refuse credentials from any origin (Fetch standard, CORS check)',
      `list the origins in cors-allow-origin, or set cors-allow-credentials: 'false'`,
    )
  }
  if (
    affinity.cookie !== undefined &&
    affinity.cookie.path === undefined &&
    (rewrite.useRegex || rewrite.target !== undefined) &&
    compat === 'ingress-nginx'
  ) {
    warn(
      'affinity',
      'cookie-path-is-regex',
      'the path of the cookie would be a regular expression, which no browser matches',
      'set session-cookie-path',
    )
  }
  const encrypted = upstream.protocol === 'https' || upstream.protocol === 'grpcs'
  if (encrypted && upstreamTls.verifyByDefault && compat === 'ingress-nginx') {
    advice.push({
      key: 'backend-protocol',
      note: {
        severity: 'info',
        code: 'upstream-not-verified',
        message: 'the certificate of the upstream is not verified, as with ingress-nginx',
        fix: `set proxy-ssl-verify: 'on' and proxy-ssl-secret`,
      },
    })
  }
  if (upstreamTls.secret !== undefined && upstream.protocol !== 'auto' && !encrypted) {
    warn(
      'proxy-ssl-secret',
      'upstream-tls-idle',
      'says nothing: the upstream is spoken to without TLS',
      `set backend-protocol: 'HTTPS'`,
    )
  }
  if (canary && canary.weight === 0 && canary.header === undefined && canary.cookie === undefined) {
    warn(
      'canary',
      'canary-without-rule',
      'nobody is ever sent to this canary',
      'set canary-weight, canary-by-header or canary-by-cookie',
    )
  }
  if (affinity.cookie !== undefined && loadBalance.viaService) {
    warn(
      'service-upstream',
      'affinity-via-service',
      'a Service’s own address has one endpoint: affinity says nothing',
      'remove one of them',
    )
  }
  return advice
}
