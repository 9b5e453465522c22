/** Beyond this cost one guess takes longer than two seconds; `htpasswd -B` writes 5, most libraries 10. */
const MAX_COST = 15
const FORM = /^\$2[abxy]\$(\d{2})\$[./A-Za-z0-9]{53}$/

export function isBcrypt(hash: string): boolean {
  const cost = Number(FORM.exec(hash)?.[1] ?? NaN)
  return cost >= 4 && cost <= MAX_COST
}

export async function verifyBcrypt(password: string, hash: string): Promise<boolean> {
  const { compareSync } = await import('bcryptjs')
  // PHP's and Apache's name for what is called 2b since 2014: the same algorithm.
  return compareSync(password, hash.replace(/^\$2[xy]/, '$2b'))
}
