import type { TemplatePart } from '@postern/routing-table'
import type { BackendAddress } from './endpoints.ts'

// As a Pod may write it in any namespace; a label alone means another Service in each of them.
const NAME =
  /^(https?):\/\/([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?)?\.?(?::(\d{1,5}))?([/?#]|$)/i

/** The Service that a URL names as a cluster's DNS would have it: `NAME.NAMESPACE`, with `.svc` or `.svc.cluster.local` behind it or not. */
export function serviceOfUrl([first, ...rest]: readonly TemplatePart[]): BackendAddress | undefined {
  const text = first?.kind === 'text' ? first.text : ''
  const [, scheme = '', service, namespace, port, end] = NAME.exec(text) ?? []
  if (service === undefined || namespace === undefined || !endsHere(end, rest[0])) return undefined
  const usual = scheme.toLowerCase() === 'https' ? 443 : 80
  return {
    namespace: namespace.toLowerCase(),
    service: service.toLowerCase(),
    port: port === undefined ? usual : Number(port),
  }
}

/** What follows may be a variable that goes on with the host's name; these two begin with a slash. */
function endsHere(end: string | undefined, next: TemplatePart | undefined): boolean {
  if (end !== '' || next === undefined) return true
  return next.kind === 'variable' && (next.name === 'request_uri' || next.name === 'uri')
}
