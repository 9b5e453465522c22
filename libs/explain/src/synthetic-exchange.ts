import { EditList, parseRequestPath, type Exchange, type HeaderView } from '@postern/exchange'
import { parseHostName } from '@postern/routing-table'
import type { ExplainRequest } from './request.ts'

/** The exchange that an engine would make of a request, or why it would answer 400 before any routing. */
export function syntheticExchange(request: ExplainRequest): Exchange | { readonly refused: string } {
  const path = parseRequestPath(request.target.replace(/[^\x21-\x7e]/g, encodeURIComponent))
  if ('refused' in path) return path
  const host = parseHostName(request.authority)
  if (host === undefined) return { refused: `"${request.authority}" is no legal Host (RFC 9112 §3.2)` }
  const headers = headerView([['Host', request.authority], ...request.headers])
  const length = headers.get('content-length')
  return {
    method: request.method,
    target: path.raw + path.query,
    path,
    host,
    authority: request.authority,
    httpVersion: '1.1',
    headers,
    body: { length: headers.has('transfer-encoding') ? undefined : Number(length ?? 0), replayable: true },
    connection: {
      ...{ scheme: request.scheme, remoteAddress: request.from, remotePort: 40_000 },
      ...{ localPort: request.port, id: 1 },
      ...(request.scheme === 'https' && {
        tls: { serverName: request.serverName, protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
      }),
    },
    upgrade: headers.get('upgrade')?.toLowerCase(),
    requestEdits: new EditList(),
    responseEdits: new EditList(),
    signal: new AbortController().signal,
    limitBody: () => undefined,
    copyBody: () => Promise.resolve(new Uint8Array()),
  }
}

function headerView(lines: readonly (readonly [string, string])[]): HeaderView {
  const byName = new Map<string, string>()
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    const before = byName.get(key)
    byName.set(key, before === undefined ? value : `${before}${key === 'cookie' ? '; ' : ', '}${value}`)
  }
  return {
    get: (name) => byName.get(name.toLowerCase()),
    has: (name) => byName.has(name.toLowerCase()),
    each: (visit) => lines.forEach(([name, value]) => visit(name, value)),
  }
}
