import { key, type Values } from './feature.ts'
import { template } from './template.ts'
import { httpUrl, urlOrPath } from './url.ts'
import {
  boolean,
  cidr,
  headerName,
  integer,
  list,
  method,
  objectName,
  oneOf,
  statusCode,
  text,
} from './value.ts'

const ACME = '/.well-known/acme-challenge'
const paths = list(text(/^\/\S*$/, 'expected paths, separated by commas'))

/** Keys of the global ConfigMap that are no annotations. Declared like those, so that they parse and report alike. */
export const controller = {
  name: 'Global settings',
  docs: 'Keys of the ConfigMap given with --configmap. Those that are annotations too give their defaults.',
  keys: {
    'http-redirect-code': key(oneOf('301', '302', '307', '308'), {
      default: '308',
      meaning: 'Status of redirects to HTTPS.',
    }),
    hsts: key(boolean, {
      default: true,
      meaning: 'Strict-Transport-Security on HTTPS; never for *.localhost.',
    }),
    'hsts-max-age': key(integer(0), { default: 31_536_000, meaning: 'Seconds of it.' }),
    'hsts-include-subdomains': key(boolean, { default: true, meaning: 'Sub-domains too.' }),
    'hsts-preload': key(boolean, { default: false, meaning: 'Ask browsers to know it in advance.' }),
    'use-forwarded-headers': key(boolean, {
      default: false,
      meaning: 'Believe X-Forwarded-* of trusted peers.',
    }),
    'enable-real-ip': key(boolean, { default: false, meaning: 'The same, for the address of the client.' }),
    'proxy-real-ip-cidr': key(list(cidr), { meaning: 'Who is trusted.', defaultText: 'everybody' }),
    'compute-full-forwarded-for': key(boolean, {
      default: false,
      meaning: 'Append to X-Forwarded-For instead of replacing it.',
    }),
    'use-proxy-protocol': key(boolean, { default: false, meaning: 'Expect the PROXY protocol.' }),
    'enable-underscores-in-headers': key(boolean, {
      default: false,
      meaning: 'Pass header names with an underscore.',
    }),
    'limit-req-status-code': key(integer(400, 599), {
      default: 503,
      meaning: 'Status over a limit of requests.',
    }),
    'limit-conn-status-code': key(statusCode, {
      default: 503,
      meaning: 'Status over a limit of connections: the one of limit-req-status-code.',
      verdict: { kind: 'differs', how: 'one status serves both limits' },
    }),
    'no-tls-redirect-locations': key(paths, {
      default: [ACME],
      meaning: 'Paths that are not redirected to HTTPS.',
    }),
    'no-auth-locations': key(paths, { default: [ACME], meaning: 'Paths without external authentication.' }),
    'global-auth-url': key(httpUrl, { meaning: 'External authentication for all Ingresses.' }),
    'global-auth-method': key(method, { meaning: 'Its method.' }),
    'global-auth-signin': key(urlOrPath, { meaning: 'Where its 401 sends the client.' }),
    'global-auth-signin-redirect-param': key(text(/^[\w.~-]+$/, 'expected the name of a query parameter'), {
      default: 'rd',
      meaning: 'Query parameter of the way back.',
    }),
    'global-auth-response-headers': key(list(headerName), {
      default: [],
      meaning: 'Headers of its answer for the upstream.',
    }),
    'global-auth-request-redirect': key(template, { meaning: 'Its X-Auth-Request-Redirect.' }),
    'global-auth-always-set-cookie': key(boolean, {
      default: false,
      meaning: 'Its cookies go to the client with every status.',
    }),
    'global-allowed-response-headers': key(list(headerName), {
      default: [],
      meaning: 'Names that custom-headers may set.',
    }),
    'allow-snippet-annotations': key(boolean, {
      default: false,
      meaning: 'Serve Ingresses with snippets, without the snippets, where those guard nothing.',
    }),
    'allow-cross-namespace-resources': key(boolean, {
      default: false,
      meaning: 'Annotations may name Secrets and ConfigMaps of other namespaces.',
    }),
    'disable-access-log': key(boolean, { default: false, meaning: 'No access log at all.' }),
    'hide-headers': key(list(headerName), {
      default: [],
      meaning: 'Response headers of upstreams that do not go to clients.',
    }),
    'add-headers': key(objectName, { meaning: 'ConfigMap with headers for all responses.' }),
    'proxy-set-headers': key(objectName, {
      meaning: 'ConfigMap with headers for all requests to upstreams.',
    }),
  },
}

export type ControllerSettings = Values<typeof controller.keys>

/** Keys of the ConfigMap that ask for something which is not done here yet: a warning, not silence. */
export const CONTROLLER_NOT_YET =
  /^(forwarded-for-header|ssl-protocols|ssl-reject-handshake|ssl-early-data|enable-ocsp|skip-access-log-urls|proxy-add-original-uri-header|retry-non-idempotent|log-format-(upstream|escape-json|escape-none)|use-gzip|gzip-.*|enable-brotli|brotli-.*|use-geoip2?|geoip2-.*|global-auth-cache-.*|error-log-level|ignore-invalid-headers|allow-backend-server-header|proxy-headers-.*|jaeger-.*|zipkin-.*|datadog-.*)$/

/** Keys that tune nginx itself, or have a command line flag here: nothing to set, and nothing lost. */
export const CONTROLLER_NO_OPS =
  /^(worker-.*|max-worker-.*|keep-alive.*|upstream-keepalive-.*|use-http2|http2-.*|access-log-.*|log-format-stream|error-log-path|server-tokens|server-name-hash-.*|map-hash-.*|variables-hash-.*|client-header-.*|client-body-timeout|large-client-header-buffers|reuse-port|disable-ipv6.*|bind-address.*|ssl-session-.*|ssl-buffer-size|ssl-dh-param|ssl-ecdh-curve|generate-request-id|proxy-stream-.*|otlp-.*|opentelemetry-.*|otel-.*|enable-opentelemetry|strict-validate-path-type|annotations-risk-level|annotation-value-word-blocklist|nginx-status-.*|debug-connections|limit-conn-zone-variable|proxy-protocol-header-timeout|enable-access-log-for-default-backend|enable-multi-accept)$/
