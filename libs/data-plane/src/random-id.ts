import { randomFillSync } from 'node:crypto'

const ID_BYTES = 16

const pool = Buffer.alloc(ID_BYTES * 256)
let at = pool.length

/** 32 random hex digits, as ingress-nginx's `$req_id`. Randomness is fetched for many at once: a call costs more than an id. */
export function randomId(): string {
  if (at === pool.length) {
    randomFillSync(pool)
    at = 0
  }
  at += ID_BYTES
  return pool.toString('hex', at - ID_BYTES, at)
}
