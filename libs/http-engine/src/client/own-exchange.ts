import type { ConnectionFacts, Exchange, HeaderEdits, RequestPath, UpstreamResponse } from '@postern/exchange'
import type { HostName } from '@postern/routing-table'
import { FieldEdits } from '../head/field-edits.ts'
import type { MessageHead } from '../head/message-head.ts'
import type { ClientConnection } from './client-connection.ts'
import type { RequestBodyFlow } from './request-body.ts'
import type { RequestFacts } from './request-facts.ts'

/** An attempt under way, as its exchange knows it. */
export interface Cancellable {
  cancel(): void
}

/** One request of one of our connections. */
export class OwnExchange implements Exchange {
  readonly client: ClientConnection
  readonly facts: RequestFacts
  readonly headers: MessageHead
  readonly body: RequestBodyFlow
  /** The head of a response has left, or the client: nothing more can be answered. */
  answered = false
  gone = false
  #requestEdits: FieldEdits | undefined
  #responseEdits: FieldEdits | undefined
  #abort: AbortController | undefined
  /** What is under way: nearly always one thing. */
  #attempt: Cancellable | undefined
  #others: Cancellable[] | undefined
  #responses: UpstreamResponse[] | undefined

  constructor(client: ClientConnection, facts: RequestFacts, headers: MessageHead, body: RequestBodyFlow) {
    this.client = client
    this.facts = facts
    this.headers = headers
    this.body = body
  }

  get method(): string {
    return this.facts.method
  }

  get target(): string {
    return this.facts.target
  }

  get path(): RequestPath {
    return this.facts.path
  }

  get host(): HostName {
    return this.facts.host
  }

  get authority(): string {
    return this.facts.authority
  }

  get httpVersion(): '1.0' | '1.1' {
    return this.facts.minor === 1 ? '1.1' : '1.0'
  }

  get connection(): ConnectionFacts {
    return this.client.facts
  }

  get upgrade(): string | undefined {
    return this.facts.upgrade
  }

  get requestEdits(): HeaderEdits {
    return (this.#requestEdits ??= new FieldEdits())
  }

  get responseEdits(): HeaderEdits {
    return (this.#responseEdits ??= new FieldEdits())
  }

  /** The edits, if there are any. */
  get madeRequestEdits(): FieldEdits | undefined {
    return this.#requestEdits
  }

  get madeResponseEdits(): FieldEdits | undefined {
    return this.#responseEdits
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.gone) this.#abort.abort()
    }
    return this.#abort.signal
  }

  limitBody(maxBytes: number): void {
    this.body.limit(maxBytes)
  }

  copyBody(maxBytes: number): Promise<Uint8Array | undefined> {
    return this.body.copy(maxBytes)
  }

  /** Remembers what has to be cancelled when the client leaves. */
  began(attempt: Cancellable): void {
    if (this.#attempt === undefined) this.#attempt = attempt
    else (this.#others ??= []).push(attempt)
  }

  over(attempt: Cancellable): void {
    if (this.#attempt === attempt) this.#attempt = undefined
    else if (this.#others !== undefined) this.#others = this.#others.filter((other) => other !== attempt)
  }

  /** Remembers a response whose body waits: it must not wait for ever. */
  owes(response: UpstreamResponse): void {
    this.#responses ??= []
    this.#responses.push(response)
  }

  /** The client left before its response was complete. */
  abort(): void {
    if (this.gone) return
    this.gone = true
    this.#abort?.abort()
    const attempts = [this.#attempt, ...(this.#others ?? [])]
    this.#attempt = undefined
    this.#others = undefined
    for (const attempt of attempts) attempt?.cancel()
  }

  /** Whoever served this exchange is done with it. */
  settled(): void {
    for (const response of this.#responses?.splice(0) ?? []) response.discard()
  }
}
