export type LogFormat = 'json' | 'pretty' | 'common'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** One structured line per event on standard output. */
export interface Log {
  debug(msg: string, fields?: object): void
  info(msg: string, fields?: object): void
  warn(msg: string, fields?: object): void
  error(msg: string, fields?: object): void
}

export interface LogOptions {
  readonly format: LogFormat
  readonly level: LogLevel
  readonly write: (line: string) => void
  readonly now: () => Date
}

export function createLog({ format, level, write, now }: LogOptions): Log {
  const least = LOG_LEVELS.indexOf(level)
  const line = format === 'json' ? jsonLine : prettyLine
  const at = (own: LogLevel) => (msg: string, fields?: object) => {
    if (LOG_LEVELS.indexOf(own) >= least) write(line(own, now(), msg, fields))
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function jsonLine(level: LogLevel, time: Date, msg: string, fields?: object): string {
  return `${JSON.stringify({ level, time: time.toISOString(), msg, ...fields })}\n`
}

function prettyLine(level: LogLevel, time: Date, msg: string, fields?: object): string {
  const rest = fields === undefined ? '' : ` ${JSON.stringify(fields)}`
  return `${time.toISOString().slice(11, 23)} ${level.padEnd(5)} ${msg}${rest}\n`
}
