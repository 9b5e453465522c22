import type { CorsOrigins } from './cors-origins.ts'
import { parseCorsOrigins } from './cors-origins.ts'
import { parseFlags, type Flags } from './flags.ts'
import { parseListenAddress } from './listen-address.ts'
import { parseOtlpEndpoint } from './otlp-endpoint.ts'
import { parseChoice, parseInteger, parsePort, parseSwitch } from './parse-value.ts'
import { readSecret, readServiceSecret } from './secret-setting.ts'
import { SettingsError } from './settings-error.ts'
import { parseTrustedProxies } from './trusted-proxies.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** How one service runs; read once at start from the environment and the lab's flags. */
export interface ServiceSettings {
  /** The service's name in logs, for example `users`. */
  readonly name: string
  /** `HOST`, `PORT` or `-http`: where requests arrive; port 0 takes a free one. */
  readonly host: string
  readonly port: number
  /** `HEALTH_HOST` (as `HOST` unless set), `HEALTH_PORT` or `-health`: where probes arrive; `off` opens no such listener. */
  readonly healthHost: string
  readonly healthPort: number | 'off'
  /** `DEMO_MODE`: every printed command of the course works, at the price of safety. */
  readonly demo: boolean
  /** `APP_ENV`: `development` unless set; `production` refuses demo mode. */
  readonly appEnv: string
  /** `LOG_FORMAT`: one JSON object per line, or the lab's access lines (S4.17). */
  readonly logFormat: 'json' | 'common'
  readonly logLevel: (typeof LOG_LEVELS)[number]
  /** `CORS_ORIGINS`. */
  readonly corsOrigins: CorsOrigins
  /** `VERSION`: what `/version` tells; `1.0.0` unless set. */
  readonly version: string
  /** `-secret` or the file that `JWT_SECRET_FILE` names: the lab's signing secret; undefined when neither is given. */
  readonly secret: string | undefined
  /** True when the secret came by `-secret`, where everyone who lists processes reads it. */
  readonly secretIsExposed: boolean
  /** From the file that `SERVICE_SECRET_FILE` names: what services show each other on internal routes; undefined when not set. */
  readonly serviceSecret: string | undefined
  /** `TRUST_PROXY`: addresses or CIDR ranges, by commas, whose `X-Forwarded-For` is believed; none unless set. */
  readonly trustedProxies: readonly string[]
  /** `BODY_LIMIT_BYTES`: longest request body, 100 KiB unless set, as the course's Express. */
  readonly bodyLimitBytes: number
  /** `EVENT_LOOP_DELAY_LIMIT_MS`: how late the event loop may be, or how long connections may wait to be accepted, for a second without a break, before requests are refused; 0 never refuses. */
  readonly eventLoopDelayLimitMs: number
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`: where traces go; undefined sends none. */
  readonly otlpEndpoint: string | undefined
  /** `DRAIN_DELAY_MS`: how long to go on accepting after SIGTERM while readiness already says no. */
  readonly drainDelayMs: number
  /** `DRAIN_TIMEOUT_MS`: how long requests in flight may take to finish after that. */
  readonly drainTimeoutMs: number
}

/**
 * Reads the settings that every service has. Variables that Kubernetes injects for Services called like the
 * apps (`AUTH_PORT=tcp://…`) are never looked at.
 *
 * @throws SettingsError naming the variable or flag, its value and what was expected.
 */
export function readServiceSettings(
  name: string,
  defaults: { readonly port: number; readonly healthPort?: number },
  env: NodeJS.ProcessEnv = process.env,
  argv: readonly string[] = process.argv.slice(2),
): ServiceSettings {
  const flags = parseFlags(argv)
  const appEnv = readAppEnv(env)
  const demo = readDemo(env, appEnv)
  return {
    name,
    ...readAddresses(flags, env, defaults),
    demo,
    appEnv,
    logFormat: parseChoice('LOG_FORMAT', env['LOG_FORMAT'], ['json', 'common'], 'json'),
    logLevel: parseChoice('LOG_LEVEL', env['LOG_LEVEL'], LOG_LEVELS, 'info'),
    corsOrigins: parseCorsOrigins(env['CORS_ORIGINS'], demo),
    version: env['VERSION']?.trim() || '1.0.0',
    ...readSecret(flags.secret, env['JWT_SECRET_FILE'], demo),
    serviceSecret: readServiceSecret(env['SERVICE_SECRET_FILE']),
    trustedProxies: parseTrustedProxies(env['TRUST_PROXY']),
    bodyLimitBytes: parseInteger('BODY_LIMIT_BYTES', env['BODY_LIMIT_BYTES'], {
      min: 1,
      max: 1e9,
      absent: 102_400,
    }),
    eventLoopDelayLimitMs: parseInteger('EVENT_LOOP_DELAY_LIMIT_MS', env['EVENT_LOOP_DELAY_LIMIT_MS'], {
      min: 0,
      max: 60_000,
      absent: 1_000,
    }),
    otlpEndpoint: parseOtlpEndpoint(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
    drainDelayMs: parseInteger('DRAIN_DELAY_MS', env['DRAIN_DELAY_MS'], { min: 0, max: 600_000, absent: 0 }),
    drainTimeoutMs: parseInteger('DRAIN_TIMEOUT_MS', env['DRAIN_TIMEOUT_MS'], {
      min: 1,
      max: 600_000,
      absent: 10_000,
    }),
  }
}

/** Whether `APP_ENV` says that real people use the service. */
export function isProduction(appEnv: string): boolean {
  return appEnv === 'production' || appEnv === 'prod'
}

function readAddresses(
  flags: Flags,
  env: NodeJS.ProcessEnv,
  defaults: { readonly port: number; readonly healthPort?: number },
): Pick<ServiceSettings, 'host' | 'port' | 'healthHost' | 'healthPort'> {
  const host = readHost('HOST', env['HOST'], '0.0.0.0')
  const http =
    flags.http === undefined
      ? { host, port: parsePort('PORT', env['PORT'], defaults.port) }
      : parseListenAddress('-http', flags.http)
  if (flags.health !== undefined) {
    const health = parseListenAddress('-health', flags.health)
    return { ...http, healthHost: health.host, healthPort: health.port }
  }
  const wanted = env['HEALTH_PORT']
  const healthPort = wanted === 'off' ? 'off' : parsePort('HEALTH_PORT', wanted, defaults.healthPort ?? 81)
  return { ...http, healthHost: readHost('HEALTH_HOST', env['HEALTH_HOST'], http.host), healthPort }
}

function readHost(setting: string, text: string | undefined, absent: string): string {
  const host = (text ?? '').trim().replace(/^\[(.*)\]$/, '$1')
  if (host === '') return absent
  if (/[\s/]/.test(host))
    throw new SettingsError(setting, text, 'a host name or an IP address, without a port')
  return host
}

function readAppEnv(env: NodeJS.ProcessEnv): string {
  const appEnv = (env['APP_ENV'] ?? '').trim().toLowerCase()
  if (appEnv === '') return 'development'
  if (!/^[a-z][a-z0-9-]*$/.test(appEnv))
    throw new SettingsError('APP_ENV', env['APP_ENV'], 'a word such as production')
  return appEnv
}

function readDemo(env: NodeJS.ProcessEnv, appEnv: string): boolean {
  const demo = parseSwitch('DEMO_MODE', env['DEMO_MODE'])
  if (demo && isProduction(appEnv)) {
    throw new SettingsError(
      'DEMO_MODE',
      env['DEMO_MODE'],
      `off, because APP_ENV is ${appEnv}: demo mode has well-known passwords`,
    )
  }
  return demo
}
