import { sameText } from '@postern/auth'
import { messages } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { VerifyToken } from '../verify-token.ts'

/** What {@link legacyRoutes} needs. */
export interface LegacyRouteOptions {
  /** Undefined outside demo mode: then the addresses answer like any that does not exist. */
  readonly demoToken: string | undefined
  readonly verify: VerifyToken
}

const parameter = (request: FastifyRequest, name: string): string =>
  String((request.params as Readonly<Record<string, string>>)[name])

/**
 * The course's three GET routes with secrets in their addresses (D5): the answers of the original in demo mode, 404 otherwise.
 * In both cases they leave no access line. None of our own apps calls them.
 */
export const legacyRoutes: FastifyPluginAsync<LegacyRouteOptions> = async (app, { demoToken, verify }) => {
  const config = { unlogged: true, absent: demoToken === undefined }
  const schema = { hide: true }
  app.addHook('onRequest', async (_request, reply) => {
    if (demoToken === undefined) return reply.callNotFound()
    // Returning the reply would mean that it is sent.
    reply.headers({ 'cache-control': 'no-store', deprecation: '@1577836800' })
    return undefined
  })
  app.get('/hashed-password/:password', { config, schema }, (request) => ({
    hashedPassword: `${parameter(request, 'password')}_hash`,
  }))
  app.get('/token/:hashedPassword/:enteredPassword', { config, schema }, (request) => {
    const expected = `${parameter(request, 'enteredPassword')}_hash`
    if (!sameText(parameter(request, 'hashedPassword'), expected)) {
      throw new HttpProblem(401, 'wrong-password', messages.passwordsDiffer)
    }
    return { message: messages.tokenCreated, token: demoToken }
  })
  app.get('/verify-token/:token', { config, schema }, async (request) => {
    const principal = await verify(parameter(request, 'token'))
    if (principal === undefined) throw new HttpProblem(401, 'invalid-token', messages.tokenInvalid)
    return { message: messages.tokenValid, uid: principal.uid }
  })
}
