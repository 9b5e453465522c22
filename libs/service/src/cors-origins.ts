import { SettingsError } from './settings-error.ts'

/** Which pages of other origins may read the answers. */
export type CorsOrigins =
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly origins: readonly string[] }

/**
 * Reads `CORS_ORIGINS`: `*`, `none`, or origins separated by commas. Absent, it is `any` in demo mode, as the
 * course's step 06 answers every origin, and `none` otherwise.
 */
export function parseCorsOrigins(text: string | undefined, demo: boolean): CorsOrigins {
  const word = (text ?? '').trim()
  if (word === '') return { kind: demo ? 'any' : 'none' }
  if (word === '*') return { kind: 'any' }
  if (word === 'none') return { kind: 'none' }
  return { kind: 'list', origins: word.split(',').map((origin) => parseOrigin(origin.trim(), word)) }
}

/** An origin is scheme, host and port, nothing more (RFC 6454 §6.2); browsers send it in exactly that form. */
function parseOrigin(origin: string, whole: string): string {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.origin === origin.toLowerCase())
    return url.origin
  throw new SettingsError(
    'CORS_ORIGINS',
    whole,
    '*, none, or origins like https://shop.example separated by commas',
  )
}
