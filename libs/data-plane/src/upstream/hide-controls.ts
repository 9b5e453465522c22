import type { HeaderEdits, HeaderView } from '@postern/exchange'

/**
 * What applications behind nginx tell it in their answers (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header).
 * nginx acts upon them and hides them; here they are hidden only, because X-Accel-Redirect names a path that clients are not
 * meant to know.
 */
const CONTROLS = [
  'X-Accel-Redirect',
  'X-Accel-Expires',
  'X-Accel-Limit-Rate',
  'X-Accel-Buffering',
  'X-Accel-Charset',
]

export function hideControls(headers: HeaderView, edits: HeaderEdits): void {
  for (const name of CONTROLS) if (headers.has(name)) edits.remove(name)
}
