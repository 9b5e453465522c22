import type { Clock } from '../filter.ts'
import { ownCopy } from '../own-copy.ts'
import type { AuthAnswer } from './external-auth.ts'

const MAX_ANSWERS = 10_000

/** Answers of an auth service, kept per key for as long as their status says; status 0 stands for any. */
export class AnswerCache {
  readonly #ttlMs: ReadonlyMap<number, number>
  readonly #clock: Clock
  readonly #answers = new Map<string, { readonly answer: AuthAnswer; readonly until: number }>()

  constructor(ttlMs: readonly (readonly [status: number, ttlMs: number])[], clock: Clock) {
    this.#ttlMs = new Map(ttlMs)
    this.#clock = clock
  }

  get(key: string): AuthAnswer | undefined {
    const kept = this.#answers.get(key)
    if (kept === undefined) return undefined
    if (this.#clock.now() < kept.until) return kept.answer
    this.#answers.delete(key)
    return undefined
  }

  put(key: string, answer: AuthAnswer): void {
    const ttl = this.#ttlMs.get(answer.status) ?? this.#ttlMs.get(0)
    if (ttl === undefined) return
    if (this.#answers.size >= MAX_ANSWERS) this.#answers.clear()
    this.#answers.set(ownCopy(key), { answer: ownAnswer(answer), until: this.#clock.now() + ttl })
  }
}

// Without the heads of the request and the answer that its texts were cut out of.
function ownAnswer({ status, challenge, headers, cookies }: AuthAnswer): AuthAnswer {
  return {
    status,
    challenge: challenge === undefined ? undefined : ownCopy(challenge),
    headers: headers.map(([name, value]) => [name, ownCopy(value)] as const),
    cookies: cookies.map(ownCopy),
  }
}
