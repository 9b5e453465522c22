/** Where the default backend sends clients instead of showing its page: an absolute URL or a path of the same host. */
export type RedirectTarget = string & { readonly brand: 'RedirectTarget' }

/**
 * Takes an `http:` or `https:` URL, or a path that begins with one `/`; undefined for anything else.
 * `//host` and backslashes are no paths: browsers read them as another host.
 */
export function parseRedirectTarget(value: string): RedirectTarget | undefined {
  if (/[\\\s]/.test(value)) return undefined
  const isPath = /^\/(?!\/)/.test(value)
  const isUrl = /^https?:\/\/[^/]/i.test(value) && URL.canParse(value)
  return isPath || isUrl ? (value as RedirectTarget) : undefined
}

/** Says whether a request is already where the redirect leads, so that following it would never end. */
export function leadsToItself(target: RedirectTarget, host: string | undefined, path: string): boolean {
  const base = `http://${host ?? ''}`
  const wanted = URL.parse(target, base)
  const asked = URL.parse(path, base)
  // What cannot be compared is shown the page rather than sent around.
  if (wanted === null || asked === null) return true
  return wanted.hostname === asked.hostname && wanted.pathname === asked.pathname
}
