import { createTokenVerifier, KeySetError, type Principal, type TokenEnds } from '@postern/auth'
import { CallError, type AuthClient } from '@postern/clients'
import { messages } from '@postern/contracts'
import { callContext, unavailable } from '@postern/service'
import type { FastifyRequest } from 'fastify'
import type { TasksSettings } from './settings.ts'

/** Three parts of base64url (RFC 7515 §7.1). */
const SIGNED = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * Makes the verifier of tasks: signed tokens by auth's key set, so that they work while auth is down; in demo mode auth is asked
 * about any other word. When nothing can be found out the answer is 503, never 401 (W8).
 */
export function createVerify(
  auth: TasksSettings['auth'],
  client: AuthClient,
  { demo, ends }: { readonly demo: boolean; readonly ends: TokenEnds },
): (token: string, request: FastifyRequest) => Promise<Principal | undefined> {
  const keySetUrl = `${auth.origin}/.well-known/jwks.json`
  const verifySigned = createTokenVerifier({ keySetUrl, timeoutMs: auth.deadlineMs, ends })
  const verify = async (token: string, request: FastifyRequest): Promise<Principal | undefined> => {
    if (SIGNED.test(token)) return verifySigned(token)
    return demo ? client.verifyToken(token, callContext(request)) : undefined
  }
  return (token, request) =>
    verify(token, request).catch((error: unknown) => {
      const nobodyKnows = error instanceof CallError || error instanceof KeySetError
      throw nobodyKnows ? unavailable(messages.unavailable, error) : error
    })
}
