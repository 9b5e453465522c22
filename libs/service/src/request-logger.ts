import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'

/**
 * A request's own logger, which adds the request's id to every line. Most requests log nothing but their access line, which needs
 * no logger, and pino's child costs as much as a small answer: so it is made when the first line is.
 */
class RequestLogger implements FastifyBaseLogger {
  readonly #make: () => FastifyBaseLogger
  #made: FastifyBaseLogger | undefined

  constructor(make: () => FastifyBaseLogger) {
    this.#make = make
  }

  get #logger(): FastifyBaseLogger {
    return (this.#made ??= this.#make())
  }

  get level(): string {
    return this.#logger.level
  }

  set level(level: string) {
    this.#logger.level = level
  }

  child(...from: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#logger.child(...from)
  }

  fatal(...line: readonly unknown[]): void {
    Reflect.apply(this.#logger.fatal, this.#logger, line)
  }

  error(...line: readonly unknown[]): void {
    Reflect.apply(this.#logger.error, this.#logger, line)
  }

  warn(...line: readonly unknown[]): void {
    Reflect.apply(this.#logger.warn, this.#logger, line)
  }

  info(...line: readonly unknown[]): void {
    Reflect.apply(this.#logger.info, this.#logger, line)
  }

  debug(...line: readonly unknown[]): void {
    Reflect.apply(this.#logger.debug, this.#logger, line)
  }

  trace(...line: readonly unknown[]): void {
    Reflect.apply(this.#logger.trace, this.#logger, line)
  }

  silent(...line: readonly unknown[]): void {
    Reflect.apply(this.#logger.silent, this.#logger, line)
  }
}

/** Gives Fastify a logger for each request that makes pino's child only when a line is written. */
export const requestLogger: NonNullable<FastifyServerOptions['childLoggerFactory']> = (
  logger,
  bindings,
  options,
) => new RequestLogger(() => logger.child(bindings, options))
