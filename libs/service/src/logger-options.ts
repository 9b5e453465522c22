import type { FastifyServerOptions } from 'fastify'
import type { LogOutput } from './log-output.ts'
import type { ServiceSettings } from './settings.ts'

/** Names that must never reach a log, wherever an object carries them one or two levels deep. */
const SECRETS = [
  'password',
  'enteredPassword',
  'hash',
  'token',
  'refreshToken',
  'secret',
  'authorization',
  'cookie',
]

/** Settings of pino: level names instead of numbers, ISO times, secrets blanked, and the output that access lines share. */
export function loggerOptions(
  settings: Pick<ServiceSettings, 'name' | 'logLevel'>,
  stream: LogOutput,
): Exclude<FastifyServerOptions['logger'], boolean | undefined> {
  return {
    level: settings.logLevel,
    base: { name: settings.name },
    formatters: { level: (level) => ({ level }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    stream,
  }
}
