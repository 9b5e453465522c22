import { acceptAnyRequest, freeMethods } from '@postern/service'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'
import { htmlPage, jsonPage, STYLE, textPage, type ErrorPage } from './error-page.ts'
import { messageOf, readErrorStatus, titleOf } from './error-status.ts'
import { choosePageFormat, contentTypes } from './page-format.ts'
import { leadsToItself, type RedirectTarget } from './redirect-target.ts'

/** How requests that no rule matched are answered. */
export interface ErrorRoutesOptions {
  /** Sends clients there in place of the page; errors of services, which come with `X-Code`, keep the page. */
  readonly redirectTo: RedirectTarget | undefined
}

const SECURITY_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${digestOf(STYLE)}'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

const writers = { html: htmlPage, json: jsonPage, text: textPage } as const

/**
 * Answers every path and method: `/healthz` with 200, anything else with an error page. ingress-nginx and Postern send the
 * client's request as it was, or, for a custom error, `X-Code`, `X-Format` and `X-Original-URI` with it.
 */
export const errorRoutes: FastifyPluginAsync<ErrorRoutesOptions> = async (app, { redirectTo }) => {
  acceptAnyRequest(app)
  app.get('/healthz', async (_request, reply) => reply.type(contentTypes.text).send(''))
  for (const url of ['/', '/*']) {
    app.route({
      method: freeMethods(app, url),
      url,
      handler: (request, reply) => answer(request, reply, redirectTo),
    })
  }
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  redirectTo: RedirectTarget | undefined,
): FastifyReply {
  const code = headerOf(request, 'x-code')
  if (
    redirectTo !== undefined &&
    code === undefined &&
    !leadsToItself(redirectTo, request.host, request.url)
  ) {
    return reply.header('cache-control', 'no-store').redirect(redirectTo, 302)
  }
  const format = choosePageFormat(headerOf(request, 'x-format') ?? request.headers.accept)
  const page = pageFor(request, code)
  return reply
    .code(page.status)
    .headers({ ...SECURITY_HEADERS, vary: 'Accept, Origin', 'cache-control': 'no-store' })
    .type(contentTypes[format])
    .send(writers[format](page))
}

function pageFor(request: FastifyRequest, code: string | undefined): ErrorPage {
  const status = readErrorStatus(code)
  return {
    status,
    title: titleOf(status),
    message: code === undefined ? 'No rule of this gateway matches this address.' : messageOf(status),
    path: headerOf(request, 'x-original-uri') ?? request.url,
    requestId: headerOf(request, 'x-request-id'),
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  const text = Array.isArray(value) ? value[0] : value
  return text === '' ? undefined : text
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
