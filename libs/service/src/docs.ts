import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { Type } from 'typebox'
import type { allowNoBody } from './optional-bodies.ts'
import type { ServiceSettings } from './settings.ts'

/** What a service's OpenAPI document says about it as a whole. */
export interface DocsOptions {
  readonly title: string
  readonly description: string
}

/** What is described. */
interface DescribedService {
  readonly settings: Pick<ServiceSettings, 'version'>
  readonly describeBodies: ReturnType<typeof allowNoBody>
}

/** The pages need what this host serves and styles of their own making; nobody needs them in a frame. */
const PAGES_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const Problem = Type.Object(
  {
    message: Type.String(),
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable, for programs.' }),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
  },
  { title: 'Problem', description: 'The error body of every route (RFC 9457, with the contract’s message).' },
)

/**
 * Describes the routes that come after it: `/openapi.json` (OpenAPI 3.1) from the schemas that validate, `/docs` for
 * people. The pages of `/docs` are files of a package; where it is not installed, `/docs` leads to the document.
 */
export function describeRoutes(
  app: FastifyInstance,
  { title, description }: DocsOptions,
  { settings, describeBodies }: DescribedService,
): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, description, version: settings.version },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: ({ schema, url, route }) => ({
      schema: withProblems(schema, takesAnything(route.method)),
      url,
    }),
    transformObject: (described) => {
      if (!('openapiObject' in described)) return described.swaggerObject
      describeBodies(described.openapiObject)
      return described.openapiObject
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.register(async (scope) => {
    // The name is no literal, so that a bundler leaves the package and its files where they are.
    const pages = '@fastify/swagger-ui'
    const found = await import(pages).catch(() => undefined)
    if (found !== undefined)
      scope.register(found.default, { routePrefix: '/docs', logLevel: 'warn', staticCSP: PAGES_CSP })
    else scope.get('/docs', { schema: { hide: true } }, (_request, reply) => reply.redirect('/openapi.json'))
  })
}

/** Every route may answer with a problem; saying it here keeps it out of the serializers. */
function withProblems(schema: FastifySchema | undefined, hide: boolean): FastifySchema {
  const response = (schema?.response ?? { 200: Type.Unknown() }) as Readonly<Record<string, unknown>>
  return { ...schema, ...(hide && { hide }), response: { ...response, '4xx': Problem, '5xx': Problem } }
}

/** The lab's routes answer every method that exists, and OpenAPI knows eight; they stay out of the document. */
function takesAnything(method: string | readonly string[]): boolean {
  return typeof method !== 'string' && method.length > 8
}
