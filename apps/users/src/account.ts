/** A person who may log in. */
export interface Account {
  readonly uid: string
  /** As the person wrote it. */
  readonly email: string
  /** A PHC string; the password itself is nowhere. */
  readonly passwordHash: string
}

/** Under which an account is found: two spellings of one address are one account. */
export function emailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}
