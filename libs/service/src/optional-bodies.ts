import type { FastifyInstance, preValidationHookHandler } from 'fastify'

/** The part of an OpenAPI document that says whether an operation needs a body. */
export interface DescribedBodies {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
}

const fillIn: preValidationHookHandler = (request, _reply, done) => {
  request.body ??= {}
  done()
}

/**
 * Gives requests without a body the body `{}`, on the routes that say `optionalBody`. The function that it returns says so in an OpenAPI
 * document: `@fastify/swagger` calls every body required.
 */
export function allowNoBody(app: FastifyInstance): (document: DescribedBodies) => void {
  const operations = new Set<string>()
  app.addHook('onRoute', (route) => {
    if (route.config?.optionalBody !== true) return
    route.preValidation = [fillIn, ...[route.preValidation ?? []].flat()]
    for (const method of [route.method].flat()) operations.add(`${method} ${route.url}`.toLowerCase())
  })
  return ({ paths = {} }) => {
    for (const [path, methods = {}] of Object.entries(paths)) {
      const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
      for (const [method, operation] of Object.entries(methods))
        if (operations.has(`${method} ${url}`.toLowerCase())) markOptional(operation)
    }
  }
}

function markOptional(operation: unknown): void {
  const { requestBody } = operation as { readonly requestBody?: { required?: boolean } }
  if (requestBody !== undefined) requestBody.required = false
}
