import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import type { PageConfig } from './page-config-route.ts'

/**
 * Lets the page load and call what the server itself serves, and the services' hosts when the page is sent to them directly;
 * nothing inline, nothing from elsewhere, no frame around it. HTTPS is the gateway's business: this server speaks plain HTTP
 * behind it or alone, so it neither upgrades requests nor sends Strict-Transport-Security.
 */
export async function securityHeaders(app: FastifyInstance, pageConfig: PageConfig): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'", ...originsOf(pageConfig)],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    // Both are refused by browsers, with a line in the console, on origins that are neither HTTPS nor localhost.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  })
}

function originsOf({ apiBase, usersApiBase }: PageConfig): string[] {
  const absolute = [apiBase, usersApiBase].filter((base) => URL.canParse(base))
  return [...new Set(absolute.map((base) => new URL(base).origin))]
}
