import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const NAME = 'refresh'
/** As long as auth keeps a session that nobody uses (`SESSION_DAYS`); a longer cookie would only be refused. */
const LIFETIME_S = 14 * 24 * 60 * 60

/** The refresh token in the browser: a cookie that no script reads and no other site sends. */
export interface SessionCookie {
  read(request: FastifyRequest): string | undefined
  write(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void
  clear(reply: FastifyReply): void
}

/** Registers cookies. `production` marks them Secure even when nobody says that the client came by HTTPS. */
export async function sessionCookie(app: FastifyInstance, production: boolean): Promise<SessionCookie> {
  await app.register(cookie)
  const options = { path: '/', httpOnly: true, sameSite: 'strict' } as const
  return {
    read: (request) => request.cookies[NAME],
    write: (request, reply, refreshToken) => {
      // A forged header can only make the cookie stricter, so it needs no trusted proxy.
      const secure = production || request.headers['x-forwarded-proto'] === 'https'
      reply.setCookie(NAME, refreshToken, { ...options, secure, maxAge: LIFETIME_S })
    },
    clear: (reply) => {
      reply.clearCookie(NAME, options)
    },
  }
}
