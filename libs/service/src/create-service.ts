import Fastify, { type FastifyInstance } from 'fastify'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { answerErrors, sendProblem } from './answer-errors.ts'
import { allowOrigins } from './cors.ts'
import { addDemoHeaders } from './demo-headers.ts'
import { describeRoutes, type DocsOptions } from './docs.ts'
import { createLogOutput } from './log-output.ts'
import { loggerOptions } from './logger-options.ts'
import { createMetrics } from './metrics.ts'
import { allowNoBody } from './optional-bodies.ts'
import { shedOverload } from './overload.ts'
import { problemOf } from './problem-of.ts'
import type { ReadinessCheck } from './readiness-checks.ts'
import { requestId } from './request-id.ts'
import { RequestLog } from './request-log.ts'
import { requestLogger } from './request-logger.ts'
import type { ServiceSettings } from './settings.ts'
import { trace } from './telemetry.ts'

/** Longest part of a path that a route may take as a parameter: the course puts tokens and passwords there (Fastify's own limit is 100). */
const PARAMETER_LIMIT = 8_192
/** How long a client may take to send one request, headers and body. */
const REQUEST_TIMEOUT_MS = 30_000

/** What a service may have besides its routes. */
export interface ServiceOptions {
  /** Given, the service shows `/openapi.json` and `/docs`. */
  readonly docs?: DocsOptions
}

/**
 * Makes the Fastify instance that every service is built on: one log line per request without secrets, request
 * ids, error bodies that keep `message`, CORS, limits, and schemas (TypeBox or plain JSON Schema) that check
 * bodies without converting them. It does not listen; {@link runService} does.
 */
export function createService(settings: ServiceSettings, options: ServiceOptions = {}): FastifyInstance {
  const output = createLogOutput(settings.logFormat)
  const { registry, times } = createMetrics(settings.name)
  const app = Fastify({
    logger: loggerOptions(settings, output),
    logController: new RequestLog({ settings, output, times }),
    childLoggerFactory: requestLogger,
    genReqId: requestId,
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A request that arrives while the app drains was sent in good faith: it is served, and its connection closed after it.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAMETER_LIMIT },
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id)
      void sendProblem(request, reply, problemOf(error, {}))
    },
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('peer', '-:0')
  if (settings.demo) addDemoHeaders(app, settings.name)
  app.decorate('metrics', registry)
  const checks: ReadinessCheck[] = []
  app.decorate('readinessChecks', checks)
  allowOrigins(app, settings.corsOrigins)
  answerErrors(app)
  trace(app, settings.name, settings.otlpEndpoint)
  shedOverload(app, settings.eventLoopDelayLimitMs)
  const describeBodies = allowNoBody(app)
  if (options.docs !== undefined) describeRoutes(app, options.docs, { settings, describeBodies })
  warnOfDanger(app, settings)
  return app
}

function warnOfDanger(app: FastifyInstance, settings: ServiceSettings): void {
  if (settings.demo) {
    app.log.warn(
      'demo mode is on: well-known passwords and tokens are accepted; never run it where others can reach it',
    )
  }
  if (settings.secretIsExposed) {
    app.log.warn(
      'the flag -secret shows its value to everyone who lists processes; put it into a file and set JWT_SECRET_FILE',
    )
  }
}
