import { createHash, timingSafeEqual } from 'node:crypto'
import type { BasicCredentials } from './authorization-header.ts'
import type { LabPrincipal } from './lab-token.ts'

/** The one account of the lab's `/login`. */
export interface LabAccount extends LabPrincipal {
  readonly password: string
}

/** The account that the lab's text prints; it exists in demo mode only. */
export const demoAccount: LabAccount = { username: 'user', password: 'password', email: 'user@example.com' }

/** Says whether the credentials are the account's, in a time that does not depend on where they differ. */
export function matchesAccount(account: LabAccount, credentials: BasicCredentials): boolean {
  const sameName = sameText(account.username, credentials.username)
  const samePassword = sameText(account.password, credentials.password)
  return sameName && samePassword
}

// Digests have one length, which timingSafeEqual asks for, whatever the length of the texts.
function sameText(left: string, right: string): boolean {
  return timingSafeEqual(digestOf(left), digestOf(right))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
