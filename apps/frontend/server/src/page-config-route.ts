import type { FastifyPluginAsync } from 'fastify'

/** What the page is told when it starts (the page's side: `apps/frontend/web/src/api/page-config.ts`). */
export interface PageConfig {
  /** Where the page finds `/tasks`: a path of this host or an absolute URL. */
  readonly apiBase: string
  /** Where it finds `/signup` and `/login`. */
  readonly usersApiBase: string
  /** Opens the demo account without logging in; in demo mode only. */
  readonly demoToken?: string
}

/** `GET /config.json`: the page's configuration, never from a cache. */
export const pageConfigRoute: FastifyPluginAsync<{ readonly pageConfig: PageConfig }> = async (
  app,
  { pageConfig },
) => {
  app.get('/config.json', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return pageConfig
  })
}
