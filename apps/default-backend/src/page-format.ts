/** The forms an error page is written in. */
export type PageFormat = 'html' | 'json' | 'text'

const MEDIA_RANGES: ReadonlyMap<string, PageFormat> = new Map([
  ['text/html', 'html'],
  ['application/xhtml+xml', 'html'],
  ['application/json', 'json'],
  ['application/problem+json', 'json'],
  ['application/*', 'json'],
  ['text/plain', 'text'],
  ['text/*', 'html'],
  ['*/*', 'html'],
])

/** The media type that goes with each form. */
export const contentTypes: Readonly<Record<PageFormat, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
}

/**
 * Chooses the form that a client prefers (RFC 9110 §12.5.1: highest weight first, then the order written).
 * `accept` is the client's Accept header, or the copy of it in `X-Format` that ingress-nginx sends with a custom error.
 * HTML when nothing is asked for or nothing asked for can be given: a 406 in place of an error page helps nobody.
 */
export function choosePageFormat(accept: string | undefined): PageFormat {
  const ranges = (accept ?? '').split(',').map(parseMediaRange)
  const wanted = ranges.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight)
  for (const { type } of wanted) {
    const format = MEDIA_RANGES.get(type) ?? (type.endsWith('+json') ? 'json' : undefined)
    if (format !== undefined) return format
  }
  return 'html'
}

function parseMediaRange(range: string): { readonly type: string; readonly weight: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { type, weight: Number.isFinite(weight) ? weight : 0 }
}
