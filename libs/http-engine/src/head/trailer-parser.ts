import { HeadParser, type Progress } from './head-parser.ts'
import type { Refusal } from './refusal.ts'

/** Reads the trailer section of a chunked body (RFC 9112 §7.1.2): fields and the empty line, no start line. */
export class TrailerParser extends HeadParser {
  protected override startLine(): Progress {
    return 'complete'
  }

  // Framing fields in trailers change nothing and are never passed on (RFC 9110 §6.5.1); see `trailer-rules.ts`.
  protected override check(): Refusal | undefined {
    return undefined
  }
}
