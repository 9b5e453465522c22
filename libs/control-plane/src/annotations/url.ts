import type { TemplatePart } from '@postern/routing-table'
import { template } from './template.ts'
import { Refusal, type ParseValue } from './value.ts'

// Characters that no URL has (RFC 3986) and that nginx configuration would have understood.
const NO_URL = /[\s"'`<>\\^{}|;]/

/** `http://…` or `https://…`, variables allowed after the scheme. */
export const httpUrl: ParseValue<readonly TemplatePart[]> = (text) => {
  if (!/^https?:\/\/[^/?#]/.test(text))
    return new Refusal('expected a URL that begins with http:// or https:// and names a host')
  return urlTemplate(text)
}

/** Also `$scheme://…` and a path alone. */
export const urlOrPath: ParseValue<readonly TemplatePart[]> = (text) => {
  if (!/^(https?:\/\/|\$scheme:\/\/|\/)/.test(text))
    return new Refusal('expected a URL or a path that begins with /')
  return urlTemplate(text)
}

function urlTemplate(text: string): readonly TemplatePart[] | Refusal {
  const withoutBraces = text.replace(/\$\{\w+\}/g, '')
  const odd = NO_URL.exec(withoutBraces)
  return odd === null
    ? template(text)
    : new Refusal(`expected a URL; it may not contain ${JSON.stringify(odd[0])}`)
}
