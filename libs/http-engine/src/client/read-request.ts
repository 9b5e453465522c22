import { HOST, UPGRADE } from '../head/field-codes.ts'
import type { MessageHead } from '../head/message-head.ts'
import type { Refusal } from '../head/refusal.ts'
import type { RequestHeadParser } from '../head/request-head-parser.ts'
import type { KnownHosts } from './known-hosts.ts'
import type { RequestFacts } from './request-facts.ts'
import { readRequestLine } from './request-line.ts'

/** Turns a parsed head into the facts of a request, or refuses what only the whole can show. */
export function readRequest(
  parser: RequestHeadParser,
  head: MessageHead,
  hosts: KnownHosts,
): RequestFacts | Refusal {
  const { facts, minor } = parser
  const { text } = head
  const method = methodAt(text, parser.methodStart, parser.methodEnd)
  const line = readRequestLine(
    method,
    text.slice(parser.targetStart, parser.targetEnd),
    head.valueOf(HOST) ?? '',
  )
  if ('reason' in line) return line
  const known = hosts.read(line.authority, minor === 1)
  if ('reason' in known) return known
  return {
    method,
    target: line.target,
    path: line.path,
    host: known.host,
    authority: known.authority,
    minor,
    upgrade: readUpgrade(parser, head),
    keepAlive: minor === 1 ? !facts.close : facts.keepAlive && !facts.close,
    expectsContinue: facts.expectsContinue && minor === 1,
    acceptsTrailers: facts.acceptsTrailers && minor === 1,
  }
}

const USUAL = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']

// Methods are looked up and compared all along the road: the same text each time has its hash, and is itself.
function methodAt(text: string, start: number, end: number): string {
  const length = end - start
  for (const usual of USUAL) if (usual.length === length && text.startsWith(usual, start)) return usual
  return text.slice(start, end)
}

// RFC 9110 §7.8: one protocol, named by `Connection`, on HTTP/1.1, without a body. `h2c` is refused by ignoring it: a tunnel
// to an upstream that speaks HTTP/2 would carry requests that nobody matched.
function readUpgrade({ facts, minor }: RequestHeadParser, head: MessageHead): string | undefined {
  if (!facts.upgrade || facts.upgrades !== 1 || minor !== 1 || facts.chunked || facts.contentLength > 0)
    return undefined
  const protocol = head.valueOf(UPGRADE)?.toLowerCase() ?? ''
  const isLegal = /^[!#$%&'*+\-.^_`|~0-9a-z]+(?:\/[!#$%&'*+\-.^_`|~0-9a-z]+)?$/.test(protocol)
  return isLegal && protocol !== 'h2c' && !protocol.startsWith('h2') ? protocol : undefined
}
