import { parseRequestPath, type RequestPath } from '@postern/exchange'
import { parseHostName, type HostName } from '@postern/routing-table'
import { refuse, type Refusal } from '../head/refusal.ts'

/** What a request line and Host say together, agreed upon once. */
export interface RequestLine {
  readonly target: string
  readonly path: RequestPath
  readonly authority: string
}

const ABSOLUTE = /^https?:\/\/([^/?]*)(.*)$/i

/**
 * The target in origin-form, and the authority. An absolute-form whose authority disagrees with Host is refused: RFC 9112
 * §3.2.2 lets the target win, but two readers that disagree about the host are what request smuggling needs.
 */
export function readRequestLine(method: string, received: string, host: string): RequestLine | Refusal {
  if (method === 'CONNECT') return refuse(501, 'CONNECT is not served here')
  if (method === 'TRACE') return refuse(405, 'TRACE is not served here')
  let target = received
  if (received.charCodeAt(0) !== 47) {
    const absolute = ABSOLUTE.exec(received)
    if (absolute === null) return refuse(400, 'a request target that is neither a path nor a URL')
    const [, authority = '', rest = ''] = absolute
    if (authority.includes('@')) return refuse(400, 'user information in the request target')
    if (authority.toLowerCase() !== host.toLowerCase())
      return refuse(400, 'a request target that disagrees with Host')
    target = rest.startsWith('/') ? rest : `/${rest}`
  }
  const path = parseRequestPath(target)
  if ('refused' in path) return refuse(400, path.refused)
  return { target, path, authority: host }
}

/** The host of an authority; HTTP/1.0 may come without one and then meets no host but the default. */
export function readHost(authority: string, isRequired: boolean): HostName | Refusal {
  const host = parseHostName(authority)
  if (host !== undefined) return host
  if (authority === '' && !isRequired) return '' as HostName
  return refuse(400, 'no legal host')
}
