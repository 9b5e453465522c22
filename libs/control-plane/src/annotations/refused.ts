import { annotationFeature, key, type Verdict } from './feature.ts'
import { boolean, Refusal, type ParseValue } from './value.ts'

export interface SnippetSettings {
  /** Texts of nginx configuration, by key. They are never executed. */
  readonly snippets: ReadonlyMap<string, string>
}

const anyText: ParseValue<string> = (value) => value

const NEVER: Verdict = {
  kind: 'refused',
  because:
    'it is nginx configuration. The whole Ingress is not served, as with ingress-nginx, which allows no snippets by default',
}
const WAF: Verdict = {
  kind: 'refused',
  because: 'there is no web application firewall here, and one must not vanish silently: 503',
}
const FASTCGI: Verdict = { kind: 'refused', because: 'FastCGI is not spoken here: 503' }

const snippet = (where: string) =>
  key(anyText, { tier: 3, meaning: `nginx configuration in ${where}.`, verdict: NEVER })

export const refused = annotationFeature({
  name: 'Refused',
  docs: 'What is not done here, and why. A finding proposes what to use instead.',
  keys: {
    'configuration-snippet': snippet('the location'),
    'server-snippet': snippet('the server'),
    'auth-snippet': snippet('the location of the auth request'),
    'stream-snippet': snippet('the stream block'),
    'modsecurity-snippet': snippet('ModSecurity'),
    'enable-modsecurity': key(boolean, {
      default: false,
      tier: 3,
      bad: 'deny',
      meaning: 'Web application firewall.',
      verdict: WAF,
    }),
    'enable-owasp-core-rules': key(boolean, {
      default: false,
      tier: 3,
      bad: 'deny',
      meaning: 'Rules for it.',
      verdict: WAF,
    }),
    'modsecurity-transaction-id': key(anyText, { tier: 3, meaning: 'Transaction id for it.', verdict: WAF }),
    'fastcgi-index': key(anyText, { tier: 3, meaning: 'Index file for FastCGI.', verdict: FASTCGI }),
    'fastcgi-params-configmap': key(anyText, {
      tier: 3,
      meaning: 'Parameters for FastCGI.',
      verdict: FASTCGI,
    }),
    'http2-push-preload': key(boolean, {
      tier: 3,
      meaning: 'HTTP/2 push for Link headers.',
      verdict: { kind: 'no-op', because: 'browsers have removed push' },
    }),
  },
  read: (v): SnippetSettings | Refusal => {
    if (
      v['enable-modsecurity'] ||
      v['enable-owasp-core-rules'] ||
      v['modsecurity-transaction-id'] !== undefined
    ) {
      return new Refusal('there is no web application firewall here; put one before the gateway')
    }
    if (v['fastcgi-index'] !== undefined || v['fastcgi-params-configmap'] !== undefined) {
      return new Refusal('FastCGI is not spoken here; put an HTTP server before the application')
    }
    const names = [
      'configuration-snippet',
      'server-snippet',
      'auth-snippet',
      'stream-snippet',
      'modsecurity-snippet',
    ] as const
    return { snippets: new Map(names.flatMap((name) => (v[name]?.trim() ? [[name, v[name]] as const] : []))) }
  },
})
