import type { HeaderEdit, HeadersFilter } from '@postern/routing-table'
import { Refusal } from '../annotations/value.ts'
import type { IngressAnnotations } from '../annotations/features.ts'
import type { Ingress } from '../parse/ingress.ts'
import { setHeader, wholeHeaders } from './config-headers.ts'
import type { LookUp } from './look-up.ts'
import type { GlobalReading } from './read-globals.ts'

/** Headers: of the ConfigMaps that the operator names, and those of `custom-headers` that the operator allows. */
export function planHeaders(
  ingress: Ingress,
  settings: IngressAnnotations,
  globals: GlobalReading,
  look: LookUp,
): HeadersFilter | Refusal | undefined {
  const { controller } = globals
  const custom =
    settings.customHeaders &&
    customHeaders(ingress, settings.customHeaders, controller['global-allowed-response-headers'], look)
  if (custom instanceof Refusal) return custom
  const request: HeaderEdit[] = []
  // The upstream never sees passwords that the gateway asked for.
  if (settings.basicAuth !== undefined) request.push({ kind: 'remove', name: 'authorization' })
  request.push(...globals.headers.request)
  const response: HeaderEdit[] = [
    ...controller['hide-headers'].map((name) => ({ kind: 'remove', name }) as const),
    ...globals.headers.response,
  ]
  response.push(...(custom ?? []))
  return request.length + response.length === 0 ? undefined : { kind: 'headers', request, response }
}

function customHeaders(
  ingress: Ingress,
  name: NonNullable<IngressAnnotations['customHeaders']>,
  allowed: readonly string[],
  look: LookUp,
): readonly HeaderEdit[] | Refusal {
  const configMap = look.configMap(name, ingress)
  if (configMap instanceof Refusal) return configMap
  const headers = wholeHeaders(configMap)
  if (headers instanceof Refusal) return headers
  const known = new Set(allowed.map((header) => header.toLowerCase()))
  const odd = headers.find(([header]) => !known.has(header.toLowerCase()))
  if (odd !== undefined)
    return new Refusal(`header ${odd[0]} is not among the global ConfigMap’s global-allowed-response-headers`)
  return headers.map(([header, value]) => setHeader(header, value))
}
