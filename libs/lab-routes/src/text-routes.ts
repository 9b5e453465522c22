import type { FastifyPluginAsync } from 'fastify'
import { acceptAnyRequest, freeMethods } from '@postern/service'
import { sendText } from './plain-reply.ts'

/** What {@link textRoutes} puts into its text. */
export interface TextOptions {
  /** The answer; `{version}` and `{hostname}` are replaced. */
  readonly text: string
  readonly version: string
  readonly hostname: string
}

/** Answers every path and method with one text: the hello-app of the cross-namespace exercise and of minikube's tutorial. */
export const textRoutes: FastifyPluginAsync<TextOptions> = async (app, { text, version, hostname }) => {
  const answer = text.replaceAll('{version}', () => version).replaceAll('{hostname}', () => hostname)
  acceptAnyRequest(app)
  for (const url of ['/', '/*']) {
    app.route({ method: freeMethods(app, url), url, handler: (_request, reply) => sendText(reply, answer) })
  }
}
