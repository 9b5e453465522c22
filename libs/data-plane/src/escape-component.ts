/**
 * Escapes a text of bytes (one latin1 character each, as paths and targets come) for use as one query value: everything
 * but RFC 3986's unreserved characters. `encodeURIComponent` would take the characters for Unicode and escape twice.
 */
export function escapeComponent(bytes: string): string {
  return bytes.replace(
    /[^A-Za-z0-9\-._~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
