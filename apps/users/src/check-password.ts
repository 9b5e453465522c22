import { HttpProblem } from '@postern/service'

/**
 * Refuses a new password with fewer characters than the minimum (D2), counted as people count them: an accented or Korean letter is one.
 *
 * @throws HttpProblem 422
 */
export function checkPassword(password: string, minLength: number): void {
  if ([...password.normalize('NFC')].length >= minLength) return
  const message = `The password needs at least ${minLength} characters!`
  throw new HttpProblem(422, 'password-too-short', message, { errors: [{ field: 'body.password', message }] })
}
