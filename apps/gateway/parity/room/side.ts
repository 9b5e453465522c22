// One of the two gateways, as a client meets it.
import { RawClient, type RawResponse } from '@postern/testing'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import type { Place } from './place.ts'
import type { Sighting, Upstreams } from './upstreams.ts'

export interface Side {
  readonly name: 'nginx' | 'postern'
  readonly http: number
  readonly https: number
  /** Sends one request on a connection of its own and tells what the client and the upstreams saw. */
  readonly send: (ask: Ask) => Promise<Exchanged>
  /** What upstreams saw since the last request that was sent alone. */
  readonly take: Upstreams['take']
  /** Everything in the access log so far; nginx writes it where a case says `access_log <folder>/access.log`. */
  readonly accessLog: () => Promise<string>
}

export interface Ask {
  /** Defaults to GET. */
  readonly method?: string
  readonly host: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Over TLS; the server name is the host. */
  readonly tls?: boolean
  /** Another server name than the host; empty: none. */
  readonly serverName?: string
  /** Name of the client's certificate, with `tls`. */
  readonly client?: string
}

export interface Exchanged {
  readonly response: RawResponse
  readonly seen: readonly Sighting[]
}

export function makeSide(
  name: Side['name'],
  ports: { readonly http: number; readonly https: number },
  upstreams: Upstreams,
  place: Pick<Place, 'certificate'>,
  accessLog: () => Promise<string>,
): Side {
  return {
    name,
    http: ports.http,
    https: ports.https,
    take: upstreams.take,
    accessLog,
    send: async (ask) => {
      upstreams.take()
      const response = await exchange(ports, ask, place)
      return { response, seen: upstreams.take() }
    },
  }
}

function tlsOf({ host, serverName, client }: Ask, place: Pick<Place, 'certificate'>): ConnectionOptions {
  const own = client === undefined ? undefined : place.certificate(client)
  return {
    servername: serverName ?? host.replace(/:\d+$/, ''),
    rejectUnauthorized: false,
    ...(own && { cert: own.certPem, key: own.keyPem }),
  }
}

/** The names of the certificate that a server shows. */
export async function namesShown(port: number, serverName: string): Promise<string> {
  const client = await RawClient.open({ port, tls: { servername: serverName, rejectUnauthorized: false } })
  const shown = (client.socket as TLSSocket).getPeerX509Certificate()
  client.close()
  return (shown?.subjectAltName ?? shown?.subject ?? '').replaceAll('DNS:', '')
}

async function exchange(
  ports: { readonly http: number; readonly https: number },
  ask: Ask,
  place: Pick<Place, 'certificate'>,
) {
  const { method = 'GET', host, target, headers = {}, body, tls = false } = ask
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`]
  for (const [key, value] of Object.entries(headers)) lines.push(`${key}: ${value}`)
  const framed = Object.keys(headers).some((key) => /^(content-length|transfer-encoding)$/i.test(key))
  if (body !== undefined && !framed) lines.push(`Content-Length: ${String(body.length)}`)
  const client = await RawClient.open({
    port: tls ? ports.https : ports.http,
    ...(tls && { tls: tlsOf(ask, place) }),
  })
  try {
    client.write(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
    let response = await client.readResponse(method)
    // RFC 9110 §15.2: interim answers come before the one that counts.
    while (response.status < 200 && response.status !== 101) response = await client.readResponse(method)
    return response
  } finally {
    client.close()
  }
}
