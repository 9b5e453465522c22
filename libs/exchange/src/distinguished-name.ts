/**
 * A name in the form of RFC 2253 that nginx's `$ssl_client_s_dn` has, most specific first, out of OpenSSL's lines with one
 * attribute each. Those are escaped already, but for what is not ASCII: a comma in a value must not look like another attribute.
 */
export function distinguishedName(lines: string): string {
  return lines
    .split('\n')
    .reverse()
    .join(',')
    .replace(/[^\u0000-\u007f]+/g, escapeBytes)
}

function escapeBytes(text: string): string {
  const hex = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).toUpperCase())
  return hex.map((byte) => `\\${byte}`).join('')
}
