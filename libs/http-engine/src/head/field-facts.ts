import { eachMember, isWord } from '../bytes/words.ts'
import { CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRANSFER_ENCODING, UPGRADE } from './field-codes.ts'
import { refuse, type Refusal } from './refusal.ts'

// 2^53 - 1 has sixteen digits; fifteen can never lose precision.
const MAX_LENGTH_DIGITS = 15
// Each is looked for among all fields; a few are sent.
const MAX_NAMED = 100

/** What the fields of one head say about framing and connection, gathered while they are read. */
export class FieldFacts {
  /** -1 when there is no Content-Length. */
  contentLength = -1
  chunked = false
  hosts = 0
  upgrades = 0
  /** Tokens of `Connection`. */
  close = false
  keepAlive = false
  upgrade = false
  /** What `Connection` names besides `close`, `keep-alive` and `upgrade`. */
  namedFields = 0
  expectsContinue = false
  acceptsTrailers = false

  reset(): void {
    this.contentLength = -1
    this.chunked = false
    this.hosts = 0
    this.upgrades = 0
    this.close = false
    this.keepAlive = false
    this.upgrade = false
    this.namedFields = 0
    this.expectsContinue = false
    this.acceptsTrailers = false
  }

  /** Takes note of a field that the engine itself understands. */
  note(code: number, bytes: Buffer, start: number, end: number): Refusal | undefined {
    switch (code) {
      case HOST:
        this.hosts++
        return undefined
      case UPGRADE:
        this.upgrades++
        return undefined
      case CONTENT_LENGTH:
        return this.#length(bytes, start, end)
      case TRANSFER_ENCODING:
        return this.#coding(bytes, start, end)
      case EXPECT:
        if (!isWord(bytes, start, end, '100-continue'))
          return refuse(417, 'an expectation other than 100-continue')
        this.expectsContinue = true
        return undefined
      case CONNECTION:
      case TE:
        this.#options(code, bytes, start, end)
        return this.namedFields > MAX_NAMED ? refuse(431, 'Connection names too many fields') : undefined
      default:
        return undefined
    }
  }

  // RFC 9110 §8.6 allows a list of equal lengths to be folded into one; refusing it is the safe reading (RFC 9112 §6.3).
  #length(bytes: Buffer, start: number, end: number): Refusal | undefined {
    if (this.contentLength >= 0) return refuse(400, 'several Content-Length fields')
    if (end === start || end - start > MAX_LENGTH_DIGITS)
      return refuse(400, 'a Content-Length that is no number')
    let length = 0
    for (let at = start; at < end; at++) {
      const digit = (bytes[at] as number) - 48
      if (digit < 0 || digit > 9) return refuse(400, 'a Content-Length that is no number')
      length = length * 10 + digit
    }
    this.contentLength = length
    return undefined
  }

  // RFC 9112 §6.1 and §6.3: only a final `chunked` has a defined end, else 400; a coding before it that is not understood is a 501.
  #coding(bytes: Buffer, start: number, end: number): Refusal | undefined {
    if (this.chunked) return refuse(400, 'several transfer codings')
    if (isWord(bytes, start, end, 'chunked')) {
      this.chunked = true
      return undefined
    }
    const codings = bytes
      .toString('latin1', start, end)
      .toLowerCase()
      .split(/[ \t]*,[ \t]*/)
    const isFinal = codings.indexOf('chunked') === codings.length - 1
    return isFinal
      ? refuse(501, 'a transfer coding other than chunked')
      : refuse(400, 'a transfer coding that does not end in one chunked')
  }

  #options(code: number, bytes: Buffer, start: number, end: number): void {
    // What nearly every message says, without looking for members of a list.
    if (code === CONNECTION && isWord(bytes, start, end, 'keep-alive')) {
      this.keepAlive = true
      return
    }
    eachMember(bytes, start, end, (first, last) => {
      if (code === TE) {
        if (isWord(bytes, first, last, 'trailers')) this.acceptsTrailers = true
      } else if (isWord(bytes, first, last, 'close')) this.close = true
      else if (isWord(bytes, first, last, 'keep-alive')) this.keepAlive = true
      else if (isWord(bytes, first, last, 'upgrade')) this.upgrade = true
      else this.namedFields++
    })
  }
}
