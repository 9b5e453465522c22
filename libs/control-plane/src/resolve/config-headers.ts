import type { HeaderEdit, TemplatePart } from '@postern/routing-table'
import { template } from '../annotations/template.ts'
import { headerName, Refusal } from '../annotations/value.ts'
import type { ConfigMap } from '../parse/config-map.ts'

/** A header that a ConfigMap names. Its value may have nginx variables, since it stands in nginx configuration. */
export interface ConfigHeader {
  readonly name: string
  readonly value: readonly TemplatePart[] | Refusal
}

/** Headers of a ConfigMap, one per key. Names and values that could not stand in a message are refused altogether. */
export function headersOf({ namespace, name, data }: ConfigMap): readonly ConfigHeader[] | Refusal {
  const headers: ConfigHeader[] = []
  for (const [header, text] of data) {
    const where = `ConfigMap ${namespace}/${name}, key ${JSON.stringify(header)}`
    if (headerName(header) instanceof Refusal) return new Refusal(`${where}: this is no name of a header`)
    // RFC 9110 §5.5: no control characters; a line break would begin another header.
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text.trim()))
      return new Refusal(`${where}: the value has control characters`)
    const parts = template(text.trim().replaceAll('\t', ' '))
    headers.push({
      name: header,
      value: parts instanceof Refusal ? new Refusal(`${where}: ${parts.problem}`) : parts,
    })
  }
  return headers
}

/** All of them, or why not. */
export function wholeHeaders(
  configMap: ConfigMap,
): readonly (readonly [name: string, value: readonly TemplatePart[]])[] | Refusal {
  const headers = headersOf(configMap)
  if (headers instanceof Refusal) return headers
  const whole: (readonly [string, readonly TemplatePart[]])[] = []
  for (const { name, value } of headers) {
    if (value instanceof Refusal) return value
    whole.push([name, value])
  }
  return whole
}

/** Sets a header to a value that is known now, or only with each request. An empty one takes it away, as in nginx. */
export function setHeader(name: string, value: readonly TemplatePart[]): HeaderEdit {
  const [only] = value
  if (only === undefined) return { kind: 'remove', name }
  return value.length === 1 && only.kind === 'text'
    ? { kind: 'set', name, value: only.text }
    : { kind: 'render', name, value }
}
