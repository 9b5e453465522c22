import { KEEP_ALIVE } from '../head/field-codes.ts'
import type { MessageHead } from '../head/message-head.ts'

/**
 * How long a connection may stand idle by what the upstream says. `Keep-Alive: timeout=5` is how many servers say when they will
 * close: a second before that the connection is not used again, so that no request meets the closing.
 */
export function idleHintMs(headers: MessageHead): number {
  const hint = headers.valueOf(KEEP_ALIVE)
  const seconds = hint === undefined ? null : /(?:^|[ ,])timeout=(\d{1,6})/i.exec(hint)
  return seconds === null ? Infinity : Math.max(0, Number(seconds[1]) * 1000 - 1000)
}
