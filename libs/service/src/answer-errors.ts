import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { followAllowedMethods, type AllowedMethods } from './allowed-methods.ts'
import { HttpProblem } from './http-problem.ts'
import { OVERLOADED } from './overload.ts'
import { problemBody } from './problem-body.ts'
import { NOT_FOUND, problemOf } from './problem-of.ts'

/** Gives every refusal and failure of an app the same body, also those that Fastify makes itself. */
export function answerErrors(app: FastifyInstance): void {
  const allowedMethods = followAllowedMethods(app)
  app.setErrorHandler<Parameters<typeof problemOf>[0]>((error, request, reply) => {
    const problem = problemOf(error, request.routeOptions.config)
    if (problem.statusCode >= 500 && problem.code !== OVERLOADED)
      request.log.error({ err: problem.cause ?? error, code: problem.code }, problem.message)
    return sendProblem(request, reply, problem)
  })
  app.setNotFoundHandler((request, reply) => answerUnmatched(request, reply, allowedMethods))
}

/** Sends a problem; as `application/problem+json` (RFC 9457 §3) only to a client that asks for it, as the contract fixes the type. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
): FastifyReply {
  const wantsProblem = request.headers.accept?.includes('application/problem+json') === true
  return reply
    .code(problem.statusCode)
    .headers(problem.headers)
    .type(wantsProblem ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8')
    .send(JSON.stringify(problemBody(problem, request.id)))
}

function answerUnmatched(
  request: FastifyRequest,
  reply: FastifyReply,
  allowedMethods: AllowedMethods,
): FastifyReply {
  const allowed = allowedMethods(request.url.split('?', 1)[0] ?? '/')
  if (allowed.length === 0) {
    return sendProblem(request, reply, new HttpProblem(404, 'not-found', NOT_FOUND))
  }
  const headers = { allow: allowed.join(', ') }
  if (request.method === 'OPTIONS') return reply.code(204).headers(headers).send()
  const message = `This address answers ${allowed.join(', ')} only.`
  return sendProblem(request, reply, new HttpProblem(405, 'method-not-allowed', message, { headers }))
}
