import { GatewayError } from '@postern/exchange'

/** Where the bytes of a response go. `data` returns false when it wants a pause, as `Writable.write` does. */
export interface BodySink {
  data(chunk: Buffer): boolean
  end(trailers: readonly (readonly [name: string, value: string])[]): void
  fail(error: GatewayError): void
}

/** What a source of bytes can be told. */
export interface BodySource {
  pause(): void
  resume(): void
  abort(error: GatewayError): void
}

type Ending = { readonly trailers: readonly (readonly [string, string])[] } | { readonly error: GatewayError }

/** The body of an upstream's answer: waits, paused, until somebody relays, reads or discards it. */
export class UpstreamBody {
  readonly #source: BodySource
  #sink: BodySink | undefined
  #waiting: Buffer[] = []
  #ending: Ending | undefined

  constructor(source: BodySource) {
    this.#source = source
  }

  flowTo(sink: BodySink): void {
    this.#sink = sink
    const waiting = this.#waiting
    this.#waiting = []
    for (const chunk of waiting) sink.data(chunk)
    if (this.#ending !== undefined) this.#finish(this.#ending, sink)
    else this.#source.resume()
  }

  pause(): void {
    this.#source.pause()
  }

  resume(): void {
    this.#source.resume()
  }

  abort(error: GatewayError): void {
    this.#source.abort(error)
  }

  onData(chunk: Buffer): void {
    if (this.#sink === undefined) this.#waiting.push(chunk)
    else if (!this.#sink.data(chunk)) this.#source.pause()
  }

  onEnd(trailers: readonly (readonly [string, string])[]): void {
    this.#settle({ trailers })
  }

  onFail(error: GatewayError): void {
    this.#settle({ error })
  }

  /** The whole body as UTF-8, at most `maxBytes`; a longer one fails with `upstream-bad-response`. */
  text(maxBytes: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let bytes = 0
      this.flowTo({
        data: (chunk) => {
          bytes += chunk.length
          chunks.push(chunk)
          if (bytes > maxBytes) {
            this.abort(
              new GatewayError('upstream-bad-response', {
                detail: `the body is longer than ${String(maxBytes)} bytes`,
              }),
            )
          }
          return true
        },
        end: () => resolve(Buffer.concat(chunks).toString('utf8')),
        fail: reject,
      })
    })
  }

  /** Reads a short rest so that the connection can be used again; gives up on a long one. */
  discard(): void {
    let left = 65_536
    this.flowTo({
      data: (chunk) => {
        left -= chunk.length
        if (left < 0) this.abort(new GatewayError('client-gone', { detail: 'the body was not wanted' }))
        return true
      },
      end: () => undefined,
      fail: () => undefined,
    })
  }

  #settle(ending: Ending): void {
    if (this.#ending !== undefined) return
    this.#ending = ending
    if (this.#sink !== undefined) this.#finish(ending, this.#sink)
  }

  #finish(ending: Ending, sink: BodySink): void {
    if ('error' in ending) sink.fail(ending.error)
    else sink.end(ending.trailers)
  }
}
