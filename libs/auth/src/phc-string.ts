import type { Argon2Cost } from './password-hasher.ts'

/** The parts of an argon2id hash in PHC form. */
export interface Argon2Hash {
  readonly cost: Argon2Cost
  readonly salt: Buffer
  readonly tag: Buffer
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/

/**
 * Writes `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, base64 without padding.
 * https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
 */
export function formatPhc({ cost, salt, tag }: Argon2Hash): string {
  return `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=${cost.lanes}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Reads what {@link formatPhc} writes; undefined for any other text. */
export function parsePhc(text: string): Argon2Hash | undefined {
  const match = PHC.exec(text)
  if (match === null) return undefined
  const [, memoryKiB, passes, lanes, salt = '', tag = ''] = match
  return {
    cost: { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
