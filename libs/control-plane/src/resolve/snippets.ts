import type { Note } from '../parse/notes.ts'

export interface SnippetVerdict {
  /** The Ingress is not served at all. */
  readonly refused?: string
  /** Its paths answer 503. */
  readonly denied?: string
  readonly findings: readonly { readonly key: string; readonly note: Note }[]
}

/** What people write into snippets most, and what says the same here. */
const IDIOMS: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /^\s*(more_set_headers|add_header)\b/m, instead: 'custom-headers for response headers' },
  { pattern: /^\s*return\s+30[1278]\b/m, instead: 'permanent-redirect or temporal-redirect for redirects' },
  { pattern: /^\s*rewrite\b/m, instead: 'rewrite-target for rewrites' },
  {
    pattern: /^\s*(allow|deny)\s/m,
    instead: 'allowlist-source-range and denylist-source-range for addresses',
  },
  {
    pattern: /^\s*location\b/m,
    instead: 'a path of its own for each location, in an Ingress with the annotations that it needs',
  },
  { pattern: /^\s*satisfy\b/m, instead: 'satisfy, the annotation' },
  { pattern: /^\s*auth_request\b/m, instead: 'auth-url for external authentication' },
  { pattern: /^\s*proxy_set_header\s+Host\b/im, instead: 'upstream-vhost for the Host header' },
  {
    pattern: /^\s*proxy_set_header\b/m,
    instead: 'the global ConfigMap’s proxy-set-headers for request headers',
  },
  { pattern: /^\s*proxy_hide_header\b/m, instead: 'the global ConfigMap’s hide-headers' },
  {
    pattern: /^\s*proxy_(read|send|connect)_timeout\b/m,
    instead: 'proxy-read-timeout, proxy-send-timeout and proxy-connect-timeout',
  },
  { pattern: /^\s*client_max_body_size\b/m, instead: 'proxy-body-size' },
  { pattern: /^\s*limit_(req|conn)\b/m, instead: 'limit-rps, limit-rpm and limit-connections' },
]

// Directives that change what is shown, not who may see it.
const HARMLESS =
  /^(more_set_headers|more_clear_headers|add_header|expires|etag|gzip\w*|brotli\w*|proxy_set_header|proxy_hide_header|proxy_pass_header|proxy_cache\w*|proxy_buffer\w*|proxy_(read|send|connect)_timeout|client_body_buffer_size|keepalive_\w+|chunked_transfer_encoding|tcp_nodelay|access_log|log_\w+|types|default_type|charset|sub_filter\w*)$/

/**
 * Snippets are nginx configuration and are never executed. By default an Ingress with one is not served at all, as with
 * ingress-nginx; with allow-snippet-annotations it is served without the snippet, unless the snippet could guard something.
 */
export function judgeSnippets(snippets: ReadonlyMap<string, string>, allowed: boolean): SnippetVerdict {
  const findings = [...snippets].map(([key, text]) => ({ key, note: noteOn(text, allowed) }))
  if (snippets.size === 0) return { findings }
  const names = [...snippets.keys()].join(', ')
  if (!allowed) return { refused: `it has ${names}, which is nginx configuration`, findings }
  const guards = [...snippets.values()].some((text) => !isHarmless(text))
  return guards ? { denied: `${names} may guard these paths and is not executed`, findings } : { findings }
}

function noteOn(text: string, allowed: boolean): Note {
  const instead = IDIOMS.filter(({ pattern }) => pattern.test(text)).map((idiom) => idiom.instead)
  const fix = instead.length === 0 ? 'remove it, and see docs/compatibility.md' : `use ${instead.join('; ')}`
  if (!allowed) {
    return {
      code: 'snippet-refused',
      message:
        'nginx configuration is never executed, so this Ingress is not served (nor does ingress-nginx by default)',
      fix,
    }
  }
  if (isHarmless(text))
    return {
      severity: 'warning',
      code: 'snippet-ignored',
      message: 'nginx configuration is never executed; served without it',
      fix,
    }
  return {
    code: 'snippet-denies',
    message:
      'nginx configuration is never executed, and this may guard something, so all paths of this Ingress answer 503',
    fix,
  }
}

function isHarmless(text: string): boolean {
  if (/[{}]/.test(text)) return false
  const statements = text.split(/[;\n]/).map((line) => line.trim())
  return statements.every(
    (line) => line === '' || line.startsWith('#') || HARMLESS.test(line.split(/\s/, 1)[0] ?? ''),
  )
}
