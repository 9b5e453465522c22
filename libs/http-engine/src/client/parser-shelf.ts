import type { ListenerLimits } from '@postern/exchange'
import { RequestHeadParser } from '../head/request-head-parser.ts'
import type { EngineSettings } from '../options.ts'

const KEPT = 64

/** Parsers of one listener that are not in use: a connection holds one only while a head is under way. */
export class ParserShelf {
  readonly #free: RequestHeadParser[] = []

  take(limits: ListenerLimits, settings: EngineSettings): RequestHeadParser {
    const parser = this.#free.pop() ?? new RequestHeadParser(headLimits(limits, settings))
    parser.reset()
    return parser
  }

  give(parser: RequestHeadParser): void {
    if (this.#free.length < KEPT) this.#free.push(parser)
  }
}

function headLimits(limits: ListenerLimits, settings: EngineSettings) {
  const { maxHeadBytes, maxHeaderCount } = limits
  return {
    maxHeadBytes,
    maxHeaderCount,
    maxStartLineBytes: Math.min(settings.maxRequestLineBytes, maxHeadBytes),
  }
}
