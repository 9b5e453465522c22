/** One stream of bytes, and what a reader may make of it. */
export interface TwinCase {
  readonly name: string
  readonly bytes: string
  /** Why our engine reads it differently from this one, where it does. */
  readonly nginx?: string
  readonly haproxy?: string
}

const lines = (...parts: readonly string[]): string => [...parts, '', ''].join('\r\n')
const get = (...fields: readonly string[]): string => lines('GET /x HTTP/1.1', 'Host: a', ...fields)
const STRICTER =
  'nginx is lenient here; RFC 9112 lets a server refuse, and two readings of one message are what smuggling needs.'
const HAPROXY_LENIENT =
  'HAProxy takes it and cleans it before it forwards; ours refuses what one reader may take for something else.'
const NORMALISED =
  'Ours forwards the path that was matched: two readings of one path are two decisions about who may see it. Others forward what came.'
const HAPROXY_NO_PATHS =
  'HAProxy routes without reading paths further and forwards them as they came; ours would authorise one path and forward another.'

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
    haproxy:
      'RFC 9112 §6.3 lets a recipient fold equal lengths into one, as HAProxy does; ours and nginx refuse.',
  },
  {
    name: 'a length beside chunked',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    haproxy:
      'HAProxy drops the length and closes afterwards (RFC 9112 §6.1 allows it); ours and nginx refuse.',
  },
  {
    name: 'gzip, chunked',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`,
  },
  {
    name: 'chunked in HTTP/1.0',
    bytes: `${lines('POST /x HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    haproxy:
      'HAProxy reads the chunks and closes; HTTP/1.0 has no chunks (RFC 9112 §6.1), ours and nginx refuse.',
  },
  { name: 'two Hosts', bytes: get('Host: b') },
  {
    name: 'no Host',
    bytes: lines('GET /x HTTP/1.1', 'X-A: b'),
    haproxy: 'HAProxy can route without a host; ours cannot, and RFC 9112 §3.2 asks for 400.',
  },
  { name: 'a space in Host', bytes: lines('GET /x HTTP/1.1', 'Host: a b'), haproxy: HAPROXY_LENIENT },
  { name: 'a space before a colon', bytes: get('X-A : b') },
  { name: 'a folded line', bytes: get('X-A: b', ' c'), haproxy: HAPROXY_LENIENT },
  { name: 'NUL in a value', bytes: get('X-A: b\0c'), haproxy: HAPROXY_LENIENT },
  { name: 'CR in a value', bytes: get('X-A: b\rc') },
  {
    name: 'another control byte in a value',
    bytes: get('X-A: b\x01c'),
    nginx: STRICTER,
    haproxy: HAPROXY_LENIENT,
  },
  {
    name: 'bare LF as line ends',
    bytes: 'GET /x HTTP/1.1\nHost: a\n\n',
    nginx: STRICTER,
    haproxy: HAPROXY_LENIENT,
  },
  {
    name: 'a bare LF after one field',
    bytes: 'GET /x HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n',
    nginx: STRICTER,
    haproxy: HAPROXY_LENIENT,
  },
  {
    name: 'a bare LF behind a chunk size',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\nabc\r\n0\r\n\r\n`,
    nginx: STRICTER,
    haproxy: HAPROXY_LENIENT,
  },
  {
    name: 'two spaces in the request line',
    bytes: lines('GET  /x HTTP/1.1', 'Host: a'),
    nginx: STRICTER,
    haproxy: HAPROXY_LENIENT,
  },
  {
    name: 'a lower-case method',
    bytes: lines('get /x HTTP/1.1', 'Host: a'),
    nginx:
      'Methods are case-sensitive tokens (RFC 9110 §9.1): an upstream may know this one, nginx does not.',
  },
  {
    name: 'HTTP/0.9',
    bytes: 'GET /x\r\n',
    nginx: 'nginx still answers HTTP/0.9, which has no Host to route by.',
  },
  {
    name: 'HTTP/1.2',
    bytes: lines('GET /x HTTP/1.2', 'Host: a'),
    nginx: 'nginx takes any minor version for 1.1; ours answers 505 to what it does not know.',
    haproxy: 'HAProxy takes any version above 1.1 for 1.1; ours answers 505 to what it does not know.',
  },
  {
    name: 'HTTP/2.0',
    bytes: lines('GET /x HTTP/2.0', 'Host: a'),
    haproxy: 'HAProxy takes any version above 1.1 for 1.1; ours answers 505 to what it does not know.',
  },
  {
    name: 'raw UTF-8 in the target',
    bytes: lines('GET /\xc3\xa9 HTTP/1.1', 'Host: a'),
    nginx: 'RFC 3986 has no such URI; what an upstream makes of the bytes is anybody’s guess.',
  },
  {
    name: 'a fragment in the target',
    bytes: lines('GET /x#y HTTP/1.1', 'Host: a'),
    nginx:
      'nginx cuts the fragment off and forwards the rest; a target with a fragment is no legal target (RFC 9112 §3.2).',
  },
  { name: 'a path above the root', bytes: lines('GET /../x HTTP/1.1', 'Host: a'), haproxy: HAPROXY_NO_PATHS },
  { name: 'a malformed escape', bytes: lines('GET /%zz HTTP/1.1', 'Host: a'), haproxy: HAPROXY_NO_PATHS },
  { name: 'an escaped NUL', bytes: lines('GET /%00 HTTP/1.1', 'Host: a'), haproxy: HAPROXY_NO_PATHS },
  {
    name: 'an absolute target',
    bytes: lines('GET http://a/x HTTP/1.1', 'Host: a'),
    haproxy:
      'HAProxy forwards the absolute form; ours and nginx the path alone, which every origin understands (RFC 9112 §3.2.1).',
  },
  {
    name: 'an absolute target that disagrees with Host',
    bytes: lines('GET http://b/x HTTP/1.1', 'Host: a'),
    nginx:
      'The target wins in nginx (RFC 9112 §3.2.2); ours refuses, because the next reader may let Host win.',
  },
  {
    name: 'CONNECT',
    bytes: lines('CONNECT a:80 HTTP/1.1', 'Host: a:80'),
    haproxy: 'HAProxy opens a tunnel to its server; ours and nginx are no forward proxies.',
  },
  {
    name: 'TRACE',
    bytes: lines('TRACE /x HTTP/1.1', 'Host: a'),
    haproxy: 'HAProxy forwards it; ours and nginx answer 405, because it echoes credentials back to scripts.',
  },
  { name: 'an unknown method', bytes: lines('PURGE /x HTTP/1.1', 'Host: a') },
  { name: 'an underscore in a name', bytes: get('X_A: b') },
  {
    name: 'a name with a slash',
    bytes: get('X/A: b'),
    nginx: 'nginx drops a field with an illegal name silently; ours refuses the message (RFC 9110 §5.1).',
  },
  { name: 'an empty line in front', bytes: `\r\n${get()}` },
  { name: 'a GET with a body', bytes: `${lines('GET /x HTTP/1.1', 'Host: a', 'Content-Length: 3')}abc` },
  { name: 'two pipelined requests', bytes: get() + lines('GET /y HTTP/1.1', 'Host: a') },
  // What routes and filters decide upon: target and host.
  {
    name: 'OPTIONS of the server',
    bytes: lines('OPTIONS * HTTP/1.1', 'Host: a'),
    haproxy: 'HAProxy forwards it; ours and nginx refuse what has no path to route by.',
  },
  {
    name: 'a path that begins with two slashes',
    bytes: lines('GET //a/x HTTP/1.1', 'Host: a'),
    nginx: NORMALISED,
    haproxy: NORMALISED,
  },
  {
    name: 'escaped dots',
    bytes: lines('GET /y/%2e%2E/x HTTP/1.1', 'Host: a'),
    nginx: NORMALISED,
    haproxy: NORMALISED,
  },
  {
    name: 'an escaped slash before dots',
    bytes: lines('GET /y%2f../x HTTP/1.1', 'Host: a'),
    nginx: NORMALISED,
    haproxy: NORMALISED,
  },
  { name: 'dots escaped twice', bytes: lines('GET /y/%252e%252e/x HTTP/1.1', 'Host: a') },
  { name: 'dots in overlong UTF-8', bytes: lines('GET /y/%c0%ae%c0%ae/x HTTP/1.1', 'Host: a') },
  { name: 'dots with a parameter', bytes: lines('GET /y/..;/x HTTP/1.1', 'Host: a') },
  { name: 'dots between backslashes', bytes: lines('GET /y/..%5c..%5cx HTTP/1.1', 'Host: a') },
  {
    name: 'a bare backslash',
    bytes: lines('GET /y\\..\\x HTTP/1.1', 'Host: a'),
    nginx: NORMALISED,
    haproxy: NORMALISED,
  },
  { name: 'an escaped question mark', bytes: lines('GET /x%3fy HTTP/1.1', 'Host: a') },
  { name: 'a target without a slash', bytes: lines('GET x HTTP/1.1', 'Host: a') },
  { name: 'a Host in capitals with a dot behind it', bytes: lines('GET /x HTTP/1.1', 'Host: A.') },
  { name: 'a Host with a port beyond all ports', bytes: lines('GET /x HTTP/1.1', 'Host: a:99999') },
  {
    name: 'a Host with user information',
    bytes: lines('GET /x HTTP/1.1', 'Host: b@a'),
    nginx: STRICTER,
    haproxy: HAPROXY_LENIENT,
  },
  { name: 'an IPv6 literal as Host', bytes: lines('GET /x HTTP/1.1', 'Host: [::1]:80') },
  {
    name: 'an empty Host',
    bytes: lines('GET /x HTTP/1.1', 'Host:'),
    haproxy: 'HAProxy can route without a host; ours cannot, and RFC 9112 §3.2 asks for 400.',
  },
  { name: 'a list of Hosts', bytes: lines('GET /x HTTP/1.1', 'Host: a, b'), haproxy: HAPROXY_LENIENT },
  {
    name: 'a list of lengths',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 3, 3')}abc`,
    haproxy:
      'RFC 9112 §6.3 lets a recipient fold equal lengths into one, as HAProxy does; ours and nginx refuse.',
  },
  {
    name: 'a length beyond 2^63',
    bytes: lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 9223372036854775808'),
  },
  {
    name: 'a GET with chunks',
    bytes: `${lines('GET /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    name: 'a vertical tab before chunked',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: \x0bchunked')}0\r\n\r\n`,
  },
  {
    name: 'chunked with a parameter',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked;q=1')}0\r\n\r\n`,
  },
  {
    name: 'a chunk size with zeros in front',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}0003\r\nabc\r\n0\r\n\r\n`,
  },
  {
    name: 'a chunk size with a space behind it',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3 \r\nabc\r\n0\r\n\r\n`,
    nginx: STRICTER,
    haproxy: HAPROXY_LENIENT,
  },
  {
    name: 'a chunk size with a prefix',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}0x3\r\nabc\r\n0\r\n\r\n`,
  },
  {
    name: 'a chunk longer than its size',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\r\nabcd\r\n0\r\n\r\n`,
  },
  {
    name: 'a trailer',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n`,
  },
  {
    name: 'a trailer without a colon',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\nX-T\r\n\r\n`,
    nginx: STRICTER,
  },
  {
    name: 'a body that waits for a 100',
    bytes: `${lines('POST /x HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Expect: 100-continue')}abc`,
    nginx:
      'nginx says 100 although the body is there; ours only to a client that still waits (RFC 9110 §10.1.1 allows both).',
  },
  {
    name: 'another expectation',
    bytes: get('Expect: 200-ok'),
    nginx: 'RFC 9110 §10.1.1: what is expected and not understood is a 417; nginx and HAProxy look away.',
    haproxy: 'RFC 9110 §10.1.1: what is expected and not understood is a 417; nginx and HAProxy look away.',
  },
  { name: 'Connection that names Host', bytes: get('Connection: close, host') },
  {
    name: 'an upgrade to HTTP/2',
    bytes: get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'),
  },
]
