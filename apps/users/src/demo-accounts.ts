import { sameText } from '@postern/auth'
import type { Credentials } from '@postern/contracts'
import { emailKey } from './account.ts'

/** The account behind the course's printed log-ins; the course's constant token belongs to it too. */
export const demoSubject = { uid: 'u1', email: 'test@test.com' } as const

/** One document of the course logs in with the first, the other with the second (D1). */
const PASSWORDS = ['testers', 'tester']

/** Whether the address is the demo account's, and whether the password is one of its two. */
export function matchDemoAccount({ email, password }: Credentials): 'other' | 'wrong' | 'right' {
  if (emailKey(email) !== demoSubject.email) return 'other'
  return PASSWORDS.map((known) => sameText(known, password)).includes(true) ? 'right' : 'wrong'
}
