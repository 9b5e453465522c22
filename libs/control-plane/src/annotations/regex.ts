import { RE2JS } from 're2js'
import { Refusal, type ParseValue } from './value.ts'

const MAX_LENGTH = 2_048

/**
 * A regular expression that runs in linear time (RE2 syntax). What only backtracking engines can do (look-around,
 * back-references) is refused: one such pattern could stop the gateway for everybody.
 */
export const linearRegex: ParseValue<string> = (pattern) => {
  if (pattern.length > MAX_LENGTH) return new Refusal(`expected at most ${MAX_LENGTH} characters`)
  const reason = whyNotLinear(pattern)
  return reason === undefined ? pattern : new Refusal(reason)
}

const judged = new Map<string, string | undefined>()

/** Undefined when the pattern is fine; otherwise why not. */
export function whyNotLinear(pattern: string): string | undefined {
  if (judged.has(pattern)) return judged.get(pattern)
  if (judged.size > 20_000) judged.clear()
  const reason = judge(pattern)
  judged.set(pattern, reason)
  return reason
}

// What a pattern may cost before it has met a single path: its program grows with counted repetitions and Unicode classes.
const MAX_REPETITIONS = 1_000
const MAX_UNICODE_CLASSES = 10

function isTooBig(pattern: string): boolean {
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)]
  const repetitions = counts.reduce((sum, [, from, to]) => sum + Number(to || from), 0)
  return repetitions > MAX_REPETITIONS || (pattern.match(/\\[pP]/g)?.length ?? 0) > MAX_UNICODE_CLASSES
}

function judge(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`
  if (/[\u0000-\u001f\u007f]/.test(pattern)) return 'it contains control characters'
  if (isTooBig(pattern))
    return `it repeats more than ${MAX_REPETITIONS} times, or has more than ${MAX_UNICODE_CLASSES} Unicode classes`
  const lookAround = /\(\?(?:[=!]|<[=!])/.exec(pattern)
  if (lookAround) return `look-around (${lookAround[0]}…) needs backtracking, which has no time limit`
  if (/(?:^|[^\\])(?:\\\\)*\\[1-9]/.test(pattern))
    return 'a back-reference (\\1) needs backtracking, which has no time limit'
  try {
    RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
    return undefined
  } catch (error) {
    return `it is no regular expression of RE2's kind: ${error instanceof Error ? error.message : String(error)}`
  }
}
