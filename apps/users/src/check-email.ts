import { HttpProblem } from '@postern/service'

/** Something on both sides of an @, no blank, no control character, no half of a character (the pattern has the flag u). */
const ADDRESS = /^[^\s\p{Cc}\p{Cs}@]+@[^\s\p{Cc}\p{Cs}@]+$/u

/**
 * Refuses a new address that no mail could reach; more cannot be known without sending one. Logging in takes any text, so that
 * an account that exists can always be used.
 *
 * @throws HttpProblem 422
 */
export function checkEmail(email: string, field: 'email' | 'newEmail'): void {
  if (ADDRESS.test(email.trim())) return
  const message = 'The email needs to be an address like name@example.com!'
  throw new HttpProblem(422, 'email-unusable', message, { errors: [{ field: `body.${field}`, message }] })
}
