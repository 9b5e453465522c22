import type { FieldEdits } from './field-edits.ts'
import { ORDINARY } from './field-codes.ts'
import { STRIDE, type MessageHead } from './message-head.ts'

/** The received lines that go on, as they were received: neither the connection's own nor those that an edit replaces. */
export function passedFields(head: MessageHead, edits: FieldEdits | undefined): string {
  const { fields, text } = head
  const count = fields.length
  let passed = ''
  let from = -1
  for (let at = 0; at < count; at += STRIDE) {
    const start = fields[at] as number
    const stays =
      fields[at + 4] === ORDINARY && !(edits?.replaces(text, start, fields[at + 1] as number) ?? false)
    if (stays) {
      if (from < 0) from = start
    } else if (from >= 0) {
      passed += text.slice(from, start)
      from = -1
    }
  }
  return from < 0 ? passed : passed + text.slice(from, head.end - 2)
}

// RFC 9110 §6.5.1: what decides about framing, routing, authentication or content means nothing behind it, and a receiver
// that folds trailers into the head would take ours for checked. Forwarding headers belong to the same class, and so does
// whatever has an underscore: CGI and WSGI read it as the name with a hyphen.
const NEVER_TRAILERS =
  /^(?:host|te|trailer|upgrade|expect|connection|keep-alive|transfer-encoding|authorization|proxy-.*|set-cookie|cookie|content-.*|cache-control|max-forwards|pragma|range|age|date|expires|location|retry-after|vary|warning|www-authenticate|if-.*|forwarded|x-forwarded-.*|x-real-ip|x-original-.*|.*_.*)$/i

/** The trailer lines that go on. `edits` are those of the head: what a filter sets or removes cannot come in behind it. */
export function passedTrailers(trailers: MessageHead | undefined, edits: FieldEdits | undefined): string {
  let passed = ''
  trailers?.each((name, value) => {
    if (!NEVER_TRAILERS.test(name) && !(edits?.has(name) ?? false)) passed += `${name}: ${value}\r\n`
  })
  return passed
}
