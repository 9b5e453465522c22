import type { UpstreamPolicy } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { hostName, Refusal, text, type ParseValue } from './value.ts'

export interface UpstreamSettings {
  readonly protocol: UpstreamPolicy['protocol']
  readonly host?: string
}

const PROTOCOLS: Readonly<Record<string, UpstreamPolicy['protocol'] | 'fcgi'>> = {
  HTTP: 'http',
  HTTPS: 'https',
  GRPC: 'grpc',
  GRPCS: 'grpcs',
  AUTO_HTTP: 'auto',
  FCGI: 'fcgi',
}

const protocol: ParseValue<UpstreamPolicy['protocol'] | 'fcgi'> = (value) => {
  const name = value.trim().toUpperCase()
  return (
    (Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined) ??
    new Refusal(`expected one of ${Object.keys(PROTOCOLS).join(', ')}`)
  )
}

const portable = text(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, 'expected a host, with or without a port')
const host: ParseValue<string> = (value) => (hostName(value) instanceof Refusal ? portable(value) : value)

export const upstream = annotationFeature({
  name: 'Upstream',
  docs: 'How the backend is spoken to.',
  keys: {
    'backend-protocol': key(protocol, {
      default: 'http',
      defaultText: 'HTTP',
      meaning: 'HTTP, HTTPS, GRPC, GRPCS, or AUTO_HTTP for the scheme of the client.',
      verdict: {
        kind: 'differs',
        how: 'FCGI is refused (503); GRPC and GRPCS are understood, and answered with 502 until HTTP/2 to upstreams is there',
      },
    }),
    'upstream-vhost': key(host, { meaning: 'Host header for the upstream, instead of the client’s.' }),
  },
  read: (v): UpstreamSettings | Refusal => {
    const wanted = v['backend-protocol']
    if (wanted === 'fcgi')
      return new Refusal('FastCGI is not supported; put an HTTP server before the application')
    return { protocol: wanted, ...(v['upstream-vhost'] && { host: v['upstream-vhost'] }) }
  },
})
