import type { HeaderView } from '@postern/exchange'
import type { Clock } from '../filter.ts'
import { ownCopy } from '../own-copy.ts'
import type { AnswerLifetime } from './answer-lifetime.ts'
import type { AuthAnswer } from './external-auth.ts'

const MAX_ANSWERS = 10_000

type Kept =
  | { readonly kind: 'answer'; readonly answer: AuthAnswer; readonly until: number }
  /** The answers stand under the key and the values of these headers. */
  | { readonly kind: 'varies'; readonly names: readonly string[] }

/** Answers of an auth service, kept per key for as long as they or their status say; status 0 stands for any. */
export class AnswerCache {
  readonly #ttlMs: ReadonlyMap<number, number>
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()

  constructor(ttlMs: readonly (readonly [status: number, ttlMs: number])[], clock: Clock) {
    this.#ttlMs = new Map(ttlMs)
    this.#clock = clock
  }

  /** `request`: headers of who asks now, by which answers may differ. */
  get(key: string, request: HeaderView): AuthAnswer | undefined {
    const first = this.#kept.get(key)
    const at = first?.kind === 'varies' ? variant(key, first.names, request) : key
    const kept = at === key ? first : this.#kept.get(at)
    if (kept?.kind !== 'answer') return undefined
    if (this.#clock.now() < kept.until) return kept.answer
    this.#kept.delete(at)
    return undefined
  }

  put(key: string, request: HeaderView, answer: AuthAnswer, { ms, vary }: AnswerLifetime): void {
    const ttl = ms ?? this.#ttlMs.get(answer.status) ?? this.#ttlMs.get(0)
    if (ttl === undefined) return
    if (this.#kept.size >= MAX_ANSWERS) this.#kept.clear()
    const own = ownCopy(key)
    const kept: Kept = { kind: 'answer', answer: ownAnswer(answer), until: this.#clock.now() + ttl }
    if (vary.length === 0) return void this.#kept.set(own, kept)
    this.#kept.set(own, { kind: 'varies', names: vary.map(ownCopy) })
    this.#kept.set(ownCopy(variant(key, vary, request)), kept)
  }
}

function variant(key: string, names: readonly string[], request: HeaderView): string {
  return JSON.stringify([key, ...names.map((name) => request.get(name) ?? '')])
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
