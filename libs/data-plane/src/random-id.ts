import { randomFillSync } from 'node:crypto'

const ID_BYTES = 16
const ID_DIGITS = ID_BYTES * 2

const pool = Buffer.alloc(ID_BYTES * 256)
let digits = ''
let at = 0

/** 32 random hex digits, as ingress-nginx's `$req_id`. Randomness is fetched for many at once: a call costs more than an id. */
export function randomId(): string {
  if (at === digits.length) {
    digits = randomFillSync(pool).toString('hex')
    at = 0
  }
  at += ID_DIGITS
  return digits.slice(at - ID_DIGITS, at)
}
