import { readBearerToken, sameText } from '@postern/auth'
import { HttpProblem, type ServiceSettings } from '@postern/service'
import type { FastifyInstance } from 'fastify'

/**
 * Closes the internal routes of a scope to whoever does not show the services' credential (W28). Without one they
 * are as open as the network: right for the course, and said aloud outside demo mode.
 */
export function admitServices(
  app: FastifyInstance,
  { serviceSecret, demo }: Pick<ServiceSettings, 'serviceSecret' | 'demo'>,
): void {
  if (serviceSecret === undefined) {
    if (!demo)
      app.log.warn('internal routes are open to everyone who reaches this port; set SERVICE_SECRET_FILE')
    return
  }
  app.addHook('onRequest', async (request) => {
    const bearer = readBearerToken(request.headers.authorization)
    if (bearer.kind === 'token' && sameText(bearer.token, serviceSecret)) return
    throw new HttpProblem(403, 'not-a-service', 'This route is for services only.')
  })
}
