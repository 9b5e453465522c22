const DEFAULT_PORT = '8080'

/**
 * Reads the address of the service to ask, for example `http://hello-app-service.helloworld`; undefined when it is no http(s)
 * URL or has credentials. The exercise's own app appends `:8080`; so does this when the URL names no port, while a port that is
 * written, also `:80`, is kept.
 */
export function parseUpstreamAddress(value: string): URL | undefined {
  const authority = /^https?:\/\/([^/?#]+)/i.exec(value)?.[1]
  const url = URL.parse(value)
  if (authority === undefined || url === null || authority.includes('@')) return undefined
  // URL drops a port that is the scheme's default, so the text is asked.
  if (!/:\d+$/.test(authority)) url.port = DEFAULT_PORT
  return url
}
