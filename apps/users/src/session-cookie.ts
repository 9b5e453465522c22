import cookie from '@fastify/cookie'
import { REFRESH_TOKEN_LENGTH, type IssuedToken } from '@postern/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * Over HTTPS the prefix makes browsers take the cookie from this very host only (RFC 6265bis §4.1.3.2): a page on a sister host
 * cannot plant a session of its own. Browsers refuse it without `Secure`, so plain HTTP has another name.
 */
const NAMES = { secure: '__Host-refresh', plain: 'refresh' } as const

/** The refresh token in the browser: a cookie that no script reads and no other site sends. */
export interface SessionCookie {
  /** Undefined also for what cannot be a refresh token: auth would refuse the question, not the token. */
  read(request: FastifyRequest): string | undefined
  /** For as long as auth keeps a session that nobody uses (`SESSION_DAYS`); an answer without a session writes nothing. */
  write(request: FastifyRequest, reply: FastifyReply, issued: IssuedSession): void
  clear(request: FastifyRequest, reply: FastifyReply): void
}

/** The part of auth's answer that is kept in the cookie. */
export type IssuedSession = Pick<IssuedToken, 'refreshToken' | 'refreshExpiresIn'>

/** Registers cookies. `production` marks them Secure even when nobody says that the client came by HTTPS. */
export async function sessionCookie(app: FastifyInstance, production: boolean): Promise<SessionCookie> {
  await app.register(cookie)
  // A forged header can only make the cookie stricter, so it needs no trusted proxy.
  const kindOf = (request: FastifyRequest) => {
    const secure = production || request.headers['x-forwarded-proto'] === 'https'
    const options = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const
    return { name: secure ? NAMES.secure : NAMES.plain, options }
  }
  return {
    read: (request) => {
      const value = request.cookies[kindOf(request).name] ?? ''
      return value === '' || value.length > REFRESH_TOKEN_LENGTH ? undefined : value
    },
    write: (request, reply, { refreshToken, refreshExpiresIn: maxAge }) => {
      if (refreshToken === undefined) return
      const { name, options } = kindOf(request)
      reply.setCookie(name, refreshToken, { ...options, ...(maxAge !== undefined && { maxAge }) })
    },
    clear: (request, reply) => {
      const { name, options } = kindOf(request)
      reply.clearCookie(name, options)
    },
  }
}
