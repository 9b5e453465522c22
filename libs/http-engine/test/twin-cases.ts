/** One stream of bytes, and what a reader may make of it. */
export interface TwinCase {
  readonly name: string
  readonly bytes: string
  /** Why our engine reads it differently from nginx, where it does. */
  readonly disagreement?: string
}

const lines = (...parts: readonly string[]): string => [...parts, '', ''].join('\r\n')
const get = (...fields: readonly string[]): string => lines('GET /x HTTP/1.1', 'Host: a', ...fields)
const STRICTER =
  'nginx is lenient here; RFC 9112 lets a server refuse, and two readings of one message are what smuggling needs.'

/** Streams on which readers of HTTP have disagreed, each closed by `GET /end` on the same connection. */
export const TWIN_CASES: readonly TwinCase[] = [
  { name: 'a plain GET', bytes: get() },
  { name: 'a GET with white space around a value', bytes: get('X-A: \t b \t') },
  { name: 'an empty value', bytes: get('X-A:') },
  { name: 'obs-text in a value', bytes: get('X-A: \xe9') },
  { name: 'Content-Length 0', bytes: lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 0') },
  {
    name: 'Content-Length with zeros in front',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 0003')}abc`,
  },
  {
    name: 'chunked',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    name: 'Chunked in capitals',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: CHUNKED')}3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    name: 'a chunk extension',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3;a=b\r\nabc\r\n0\r\n\r\n`,
  },
  { name: 'a signed length', bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: +3')}abc` },
  {
    name: 'two different lengths',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Content-Length: 4')}abcd`,
  },
  {
    name: 'two equal lengths',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Content-Length: 3')}abc`,
  },
  {
    name: 'a length beside chunked',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  },
  {
    name: 'gzip, chunked',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`,
  },
  {
    name: 'chunked in HTTP/1.0',
    bytes: `${lines('POST /x HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  },
  { name: 'two Hosts', bytes: get('Host: b') },
  { name: 'no Host', bytes: lines('GET /x HTTP/1.1', 'X-A: b') },
  { name: 'a space in Host', bytes: lines('GET /x HTTP/1.1', 'Host: a b') },
  { name: 'a space before a colon', bytes: get('X-A : b') },
  { name: 'a folded line', bytes: get('X-A: b', ' c') },
  { name: 'NUL in a value', bytes: get('X-A: b\0c') },
  { name: 'CR in a value', bytes: get('X-A: b\rc') },
  { name: 'another control byte in a value', bytes: get('X-A: b\x01c'), disagreement: STRICTER },
  { name: 'bare LF as line ends', bytes: 'GET /x HTTP/1.1\nHost: a\n\n', disagreement: STRICTER },
  {
    name: 'a bare LF after one field',
    bytes: 'GET /x HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n',
    disagreement: STRICTER,
  },
  {
    name: 'a bare LF behind a chunk size',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\nabc\r\n0\r\n\r\n`,
    disagreement: STRICTER,
  },
  {
    name: 'two spaces in the request line',
    bytes: lines('GET  /x HTTP/1.1', 'Host: a'),
    disagreement: STRICTER,
  },
  {
    name: 'a lower-case method',
    bytes: lines('get /x HTTP/1.1', 'Host: a'),
    disagreement:
      'Methods are case-sensitive tokens (RFC 9110 §9.1): an upstream may know this one, nginx does not.',
  },
  {
    name: 'HTTP/0.9',
    bytes: 'GET /x\r\n',
    disagreement: 'nginx still answers HTTP/0.9, which has no Host to route by.',
  },
  {
    name: 'HTTP/1.2',
    bytes: lines('GET /x HTTP/1.2', 'Host: a'),
    disagreement: 'nginx takes any minor version for 1.1; ours answers 505 to what it does not know.',
  },
  { name: 'HTTP/2.0', bytes: lines('GET /x HTTP/2.0', 'Host: a') },
  {
    name: 'raw UTF-8 in the target',
    bytes: lines('GET /\xc3\xa9 HTTP/1.1', 'Host: a'),
    disagreement: 'RFC 3986 has no such URI; what an upstream makes of the bytes is anybody’s guess.',
  },
  {
    name: 'a fragment in the target',
    bytes: lines('GET /x#y HTTP/1.1', 'Host: a'),
    disagreement:
      'nginx cuts the fragment off and forwards the rest; a target with a fragment is no legal target (RFC 9112 §3.2).',
  },
  { name: 'a path above the root', bytes: lines('GET /../x HTTP/1.1', 'Host: a') },
  { name: 'a malformed escape', bytes: lines('GET /%zz HTTP/1.1', 'Host: a') },
  { name: 'an escaped NUL', bytes: lines('GET /%00 HTTP/1.1', 'Host: a') },
  { name: 'an absolute target', bytes: lines('GET http://a/x HTTP/1.1', 'Host: a') },
  {
    name: 'an absolute target that disagrees with Host',
    bytes: lines('GET http://b/x HTTP/1.1', 'Host: a'),
    disagreement:
      'The target wins in nginx (RFC 9112 §3.2.2); ours refuses, because the next reader may let Host win.',
  },
  { name: 'CONNECT', bytes: lines('CONNECT a:80 HTTP/1.1', 'Host: a:80') },
  { name: 'TRACE', bytes: lines('TRACE /x HTTP/1.1', 'Host: a') },
  { name: 'an unknown method', bytes: lines('PURGE /x HTTP/1.1', 'Host: a') },
  { name: 'an underscore in a name', bytes: get('X_A: b') },
  {
    name: 'a name with a slash',
    bytes: get('X/A: b'),
    disagreement:
      'nginx drops a field with an illegal name silently; ours refuses the message (RFC 9110 §5.1).',
  },
  { name: 'an empty line in front', bytes: `\r\n${get()}` },
  { name: 'a GET with a body', bytes: `${lines('GET /x HTTP/1.1', 'Host: a', 'Content-Length: 3')}abc` },
  { name: 'two pipelined requests', bytes: get() + lines('GET /y HTTP/1.1', 'Host: a') },
]
