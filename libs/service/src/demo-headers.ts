import type { FastifyInstance } from 'fastify'
import { hostname } from 'node:os'

/** In demo mode every answer tells who gave it and how long it took, so that plain `curl -i` shows the path of a request. */
export function addDemoHeaders(app: FastifyInstance, service: string): void {
  const servedBy = `${service}@${hostname()}`
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('server-timing', `${service};dur=${reply.elapsedTime.toFixed(1)}`)
    reply.header('x-served-by', servedBy)
    done()
  })
}
