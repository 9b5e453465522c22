/**
 * A literal path of a manifest as the data plane sees paths of requests: bytes, one character each. Requests carry UTF-8,
 * so `/é` is two characters there. Regular expressions stay text: who compiles them turns them into bytes.
 */
export function toBytes(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1')
}

/** `/foo/` and `/foo` are the same prefix: whole segments. */
export function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
