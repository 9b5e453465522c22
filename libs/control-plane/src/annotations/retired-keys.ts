/** Names that people still write and that say nothing any more, or never did, with what to write instead. */
export const RETIRED_KEYS: readonly {
  readonly pattern: RegExp
  readonly because: string
  readonly fix: string
}[] = [
  {
    pattern: /^secure-backends$/,
    because: 'it was removed from ingress-nginx in 0.21',
    fix: `write backend-protocol: 'HTTPS'`,
  },
  {
    pattern: /^grpc-backend$/,
    because: 'it was removed from ingress-nginx in 0.21',
    fix: `write backend-protocol: 'GRPC'`,
  },
  {
    pattern: /^session-cookie-hash$/,
    because: 'it was removed from ingress-nginx in 0.24',
    fix: 'remove it',
  },
  {
    pattern: /^add-base-url$|^base-url-scheme$/,
    because: 'it was removed from ingress-nginx in 0.22',
    fix: 'let the application write relative links',
  },
  {
    pattern: /^(body|max-body|client-body|client-max-body)-size$/,
    because: 'it never existed',
    fix: 'write proxy-body-size',
  },
  {
    pattern: /^websocket-services$|^(enable|proxy|use)-websockets?$/,
    because: 'it never existed, and WebSockets need none',
    fix: 'remove it; proxy-read-timeout and proxy-send-timeout say how long they may be idle',
  },
  {
    pattern: /^send-timeout$|^read-timeout$|^connect-timeout$/,
    because: 'it never existed',
    fix: 'write proxy-send-timeout, proxy-read-timeout or proxy-connect-timeout',
  },
  {
    pattern: /^large-client-header-buffers$|^client-header-/,
    because: 'it is a key of the ConfigMap, not an annotation',
    fix: 'set it in the ConfigMap given with --configmap',
  },
  {
    pattern: /^hsts/,
    because: 'it is a key of the ConfigMap, not an annotation',
    fix: 'set it in the ConfigMap given with --configmap',
  },
  {
    pattern: /^(proxy-set-headers|add-headers)$/,
    because: 'it is a key of the ConfigMap, not an annotation',
    fix: 'set it in the ConfigMap given with --configmap, or use custom-headers',
  },
  {
    pattern: /^global-rate-limit/,
    because: 'it was removed from ingress-nginx in 1.12',
    fix: 'use limit-rps or limit-rpm',
  },
  {
    pattern: /^(enable-opentracing|opentracing-trust-incoming-span)$/,
    because: 'it was removed from ingress-nginx in 1.10',
    fix: 'use enable-opentelemetry',
  },
  {
    pattern: /^(enable-)?influxdb/,
    because: 'it was removed from ingress-nginx in 1.10',
    fix: 'remove it; the gateway has /metrics',
  },
  { pattern: /^add-hosts$/, because: 'it never existed', fix: 'use server-alias' },
]
