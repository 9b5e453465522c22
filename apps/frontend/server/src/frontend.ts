import type { FastifyPluginAsync } from 'fastify'
import { apiProxy, type ApiOrigins } from './api-proxy.ts'
import { pageConfigRoute, type PageConfig } from './page-config-route.ts'
import { securityHeaders } from './security-headers.ts'
import { webFiles } from './web-files.ts'

/** What the frontend serves and where it leads. */
export interface FrontendOptions {
  /** Folder of the built page. */
  readonly webRoot: string
  readonly origins: ApiOrigins
  /** What the page is told when it starts. */
  readonly pageConfig: PageConfig
}

/** The page, its configuration and `/api/`, each with the headers that keep a page safe. */
export const frontend: FastifyPluginAsync<FrontendOptions> = async (
  app,
  { webRoot, origins, pageConfig },
) => {
  await securityHeaders(app, pageConfig)
  app.register(pageConfigRoute, { pageConfig })
  app.register(apiProxy, origins)
  app.register(webFiles, { webRoot })
}
