import type { FastifyRequest } from 'fastify'
import { readBearerToken } from './bearer-token.ts'
import type { Principal } from './principal.ts'

/** What {@link createAuthenticate} needs. */
export interface AuthenticateOptions {
  /** Undefined for a token that is not valid; throws when that cannot be found out. */
  readonly verify: (token: string, request: FastifyRequest) => Promise<Principal | undefined>
  /** Makes the error that the service throws for a request without a token, or with one that is not valid. */
  readonly refuse: (reason: 'absent' | 'invalid', request: FastifyRequest) => Error
}

/** Makes a function that gives whom a request's bearer token speaks for, or throws the service's refusal. */
export function createAuthenticate({
  verify,
  refuse,
}: AuthenticateOptions): (request: FastifyRequest) => Promise<Principal> {
  return async (request) => {
    const bearer = readBearerToken(request.headers.authorization)
    if (bearer.kind === 'absent') throw refuse('absent', request)
    const principal = bearer.kind === 'token' ? await verify(bearer.token, request) : undefined
    if (principal === undefined || principal.uid === '') throw refuse('invalid', request)
    return principal
  }
}
