import type { Credentials, Services } from '../api/services.ts'
import type { Session } from './session.ts'

/** How a session is asked for. */
export type SessionAction = 'log-in' | 'sign-up'

/** Logs in; after a sign-up too, so that nobody types the same password twice. Throws what the services throw. */
export async function openSession(
  services: Services,
  action: SessionAction,
  { email, password }: Credentials,
): Promise<Session> {
  const credentials = { email: email.trim(), password }
  const greeting = action === 'sign-up' ? await services.signUp(credentials) : undefined
  const token = await services.logIn(credentials)
  return { token, name: credentials.email, ...(greeting !== undefined && { greeting }) }
}
