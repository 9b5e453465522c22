import { HeaderBlock } from '@postern/exchange'

/**
 * Fields of an upstream's answer that no client gets: which server wrote it, and what applications behind nginx tell it
 * (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_hide_header). nginx acts upon the latter and hides them;
 * here they are hidden only, because X-Accel-Redirect names a path that clients are not meant to know.
 */
export const HIDDEN_FIELDS: HeaderBlock = new HeaderBlock(
  [
    'server',
    'x-accel-redirect',
    'x-accel-expires',
    'x-accel-limit-rate',
    'x-accel-buffering',
    'x-accel-charset',
  ],
  [],
)
