import { GatewayError, KeptBody, type RequestBody } from '@postern/exchange'
import type { ClientSide } from './node-exchange.ts'

/** The body of a client's request: read once, by whoever sends it upstream, within limits. */
export class ClientBody implements RequestBody {
  readonly length: number | undefined
  readonly #client: ClientSide
  #limitBytes = Infinity
  #reader: AsyncIterator<Buffer> | undefined
  #pending: Promise<IteratorResult<Buffer>> | undefined
  #attempt = 0
  #bytes = 0
  #sent = false
  #ended: boolean
  #copy: KeptBody | undefined

  constructor(client: ClientSide) {
    this.#client = client
    this.length = announcedLength(client)
    this.#ended = this.length === 0
  }

  get replayable(): boolean {
    return !this.#sent
  }

  get isEmpty(): boolean {
    return this.length === 0
  }

  /** True while bytes of the body may still be on their way. */
  get isUnread(): boolean {
    return !this.#ended && !this.#client.request.complete
  }

  limit(maxBytes: number): void {
    this.#limitBytes = maxBytes
  }

  /** A copy of the body, which grows as the body passes. */
  copy(maxBytes: number): Promise<Uint8Array | undefined> {
    const { request, response } = this.#client
    const copy = (this.#copy = new KeptBody(maxBytes))
    if (!this.isUnread) copy.finish()
    // A listener would make the body flow before anybody reads it.
    else request.pause().on('data', (chunk: Buffer) => copy.add(chunk))
    request.once('end', () => copy.finish()).once('close', () => copy.giveUp())
    // Node lets go of a request that was answered unread, and tells it of no close.
    response.once('close', () => copy.giveUp())
    return copy.whole
  }

  /**
   * The bytes, for one attempt. `onStalled` is called when the reader takes nothing for `sendMs`.
   * Fails with `body-too-large`, `client-body-timeout` or `client-gone`.
   */
  async *chunks(sendMs: number, onStalled: () => void): AsyncGenerator<Buffer, void, undefined> {
    this.#reader ??= this.#open()
    const attempt = ++this.#attempt
    for (;;) {
      const { done, value } = await this.#next(this.#reader)
      // An attempt that was given up while it waited leaves what arrived to the attempt that followed it.
      if (attempt !== this.#attempt) return
      this.#pending = undefined
      if (done === true) break
      this.#bytes += value.length
      if (this.#bytes > this.#limitBytes) throw new GatewayError('body-too-large')
      this.#sent = true
      const timer = setTimeout(onStalled, sendMs)
      try {
        yield value
      } finally {
        clearTimeout(timer)
      }
    }
    this.#ended = true
  }

  /** Reads what is left and forgets it, up to `maxBytes` and `timeoutMs`, then calls `done`. */
  drain(maxBytes: number, timeoutMs: number, done: () => void): void {
    const { request } = this.#client
    if (request.destroyed) return done()
    let left = maxBytes
    const finish = (): void => {
      clearTimeout(timer)
      // What comes now goes past every listener.
      if (!request.complete) this.#copy?.giveUp()
      request.off('data', onData).off('end', finish).off('close', finish)
      done()
    }
    const onData = (chunk: Buffer): void => {
      left -= chunk.length
      if (left < 0) finish()
    }
    const timer = setTimeout(finish, timeoutMs)
    request.on('data', onData).once('end', finish).once('close', finish)
    request.resume()
  }

  #open(): AsyncIterator<Buffer> {
    const { request, response } = this.#client
    // RFC 9110 §10.1.1: whoever waits for 100 is told to go on when somebody is ready to read.
    if (request.headers.expect !== undefined && request.httpVersion !== '1.0') response.writeContinue()
    return request.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  }

  async #next(reader: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
    this.#pending ??= reader.next()
    const { promise: expired, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => reject(new GatewayError('client-body-timeout')),
      this.#client.limits.bodyIdleTimeoutMs,
    )
    try {
      return await Promise.race([this.#pending, expired])
    } catch (cause) {
      throw cause instanceof GatewayError ? cause : new GatewayError('client-gone', { cause })
    } finally {
      clearTimeout(timer)
    }
  }
}

function announcedLength({ request }: ClientSide): number | undefined {
  if (request.headers['transfer-encoding'] !== undefined) return undefined
  return Number(request.headers['content-length'] ?? 0)
}
