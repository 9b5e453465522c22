import { createHash } from 'node:crypto'
import type { Clock } from '../filter.ts'
import { isFastHash, verifyFastHash } from './fast-hash.ts'
import { isSlowHash } from './slow-hash.ts'

/** Compares a password with a hash for which `isSlowHash` holds. Called with one after the other. */
export type VerifySlowHash = (password: string, hash: string) => Promise<boolean>

/** Undefined: it was not compared, because too many others wait. */
export type Verdict = boolean | undefined

interface Check {
  readonly password: string
  readonly hash: string
  readonly since: number
  readonly tell: (verdict: Verdict | Promise<Verdict>) => void
}

// Libraries of crypt(3) stop there too. The time of all but bcrypt grows with the length.
const MAX_PASSWORD_BYTES = 512
const MAX_WAITING = 50
// Whoever waited for longer has left, or is one of those who guess.
const MAX_WAIT_MS = 10_000
const MAX_RECOGNISED = 10_000

/**
 * Passwords against the hashes of htpasswd files. Slow ones are compared one at a time; Secrets take turns, so that guessing
 * at one keeps nobody from the others. What fitted lately is recognised by a digest of password and hash: a hash that is
 * changed or taken away is one that nobody was recognised by.
 */
export class PasswordChecks {
  readonly #verify: VerifySlowHash
  readonly #clock: Clock
  readonly #recognised = new Set<string>()
  readonly #underWay = new Map<string, Promise<Verdict>>()
  /** Who waits, by Secret; the first has the next turn. */
  readonly #lines = new Map<string, Check[]>()
  #isBusy = false

  constructor(verify: VerifySlowHash, clock: Clock) {
    this.#verify = verify
    this.#clock = clock
  }

  check(secret: string, password: string, hash: string): Verdict | Promise<Verdict> {
    if (isFastHash(hash)) return verifyFastHash(password, hash)
    if (!isSlowHash(hash) || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) return false
    const digest = createHash('sha256').update(hash).update('\n').update(password).digest('base64')
    if (this.#recognised.has(digest)) return true
    // A page and its pictures come at once, with one password.
    const same = this.#underWay.get(digest)
    if (same !== undefined) return same
    const line = this.#lines.get(secret) ?? []
    if (line.length >= MAX_WAITING) return undefined
    const { promise, resolve: tell } = Promise.withResolvers<Verdict>()
    const settled = promise
      .then((fits) => this.#remember(digest, fits))
      .finally(() => this.#underWay.delete(digest))
    this.#underWay.set(digest, settled)
    line.push({ password, hash, since: this.#clock.now(), tell })
    this.#lines.set(secret, line)
    if (!this.#isBusy) void this.#work()
    return settled
  }

  #remember(digest: string, fits: Verdict): Verdict {
    if (!fits) return fits
    if (this.#recognised.size >= MAX_RECOGNISED) this.#recognised.clear()
    this.#recognised.add(digest)
    return true
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { password, hash, since, tell } = next
      const isLate = this.#clock.now() - since > MAX_WAIT_MS
      const verdict = isLate ? undefined : this.#compare(password, hash)
      tell(verdict)
      await Promise.allSettled([verdict])
    }
    this.#isBusy = false
  }

  // A thread that cannot even be started throws at once, and must not end the work for those who wait.
  async #compare(password: string, hash: string): Promise<boolean> {
    return this.#verify(password, hash)
  }

  #next(): Check | undefined {
    for (const [secret, line] of this.#lines) {
      const check = line.shift()
      this.#lines.delete(secret)
      if (line.length > 0) this.#lines.set(secret, line)
      return check
    }
    return undefined
  }
}
