import { isIP } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { Pool } from 'undici'
import type { UpstreamRequest } from '@postern/exchange'
import type { UpstreamTls } from '@postern/routing-table'

// Below the five seconds after which Node servers close idle connections, so that they seldom race with a request.
// An upstream that sends `Keep-Alive: timeout=…` is believed.
const IDLE_MS = 4_000

interface Entry {
  readonly pool: Pool
  readonly address: string
  readonly port: number
}

/** Connections to upstreams, kept per endpoint, TLS settings and whatever else undici fixes per connection. */
export class Pools {
  readonly #entries = new Map<string, Entry>()
  readonly #tlsNumbers = new WeakMap<UpstreamTls, number>()
  #lastTlsNumber = 0

  get(request: UpstreamRequest): Pool {
    const key = this.#keyOf(request)
    const known = this.#entries.get(key)
    if (known !== undefined) return known.pool
    const { address, port } = request.endpoint
    const pool = makePool(request)
    this.#entries.set(key, { pool, address, port })
    return pool
  }

  /** Lets go of pools whose endpoint is gone, and of pools that nobody uses any more. Requests on their way finish. */
  prune(isLive: (address: string, port: number) => boolean): void {
    for (const [key, { pool, address, port }] of this.#entries) {
      const { connected, size } = pool.stats
      if (isLive(address, port) && connected + size > 0) continue
      this.#entries.delete(key)
      void pool.close()
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#entries.values()]
    this.#entries.clear()
    await Promise.all(pools.map(({ pool }) => pool.destroy()))
  }

  #keyOf(request: UpstreamRequest): string {
    const { endpoint, tls, timeouts, maxResponseHeadBytes, pipelining } = request
    const base = `${endpoint.address} ${String(endpoint.port)} ${String(timeouts.connectMs)} ${String(maxResponseHeadBytes)} ${String(pipelining)}`
    if (tls === undefined) return base
    let number = this.#tlsNumbers.get(tls)
    if (number === undefined) this.#tlsNumbers.set(tls, (number = ++this.#lastTlsNumber))
    return `${base} ${String(number)} ${serverNameFor(request) ?? ''}`
  }
}

/** The name that is asked for and verified: the policy's, else the Host that is sent, unless that is an address. */
export function serverNameFor({ tls, host }: UpstreamRequest): string | undefined {
  const name = tls?.serverName ?? host.replace(/:\d+$/, '')
  return isIP(name) > 0 || name.startsWith('[') ? undefined : name
}

/** `node:tls` options for one upstream. Without `verify` any certificate is taken. */
export function tlsOptions(tls: UpstreamTls): SecureContextOptions & { rejectUnauthorized: boolean } {
  return {
    rejectUnauthorized: tls.verify,
    ...(tls.caPem !== undefined && { ca: tls.caPem }),
    ...(tls.certificate !== undefined && {
      cert: tls.certificate.certPem,
      key: tls.certificate.keyPem.reveal(),
    }),
    ...(tls.minVersion !== undefined && { minVersion: tls.minVersion }),
    ...(tls.ciphers !== undefined && { ciphers: tls.ciphers }),
  }
}

function makePool(request: UpstreamRequest): Pool {
  const { endpoint, tls, timeouts, maxResponseHeadBytes, pipelining } = request
  const address = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address
  return new Pool(`${tls === undefined ? 'http' : 'https'}://${address}:${String(endpoint.port)}`, {
    connections: null,
    pipelining,
    allowH2: false,
    keepAliveTimeout: IDLE_MS,
    maxHeaderSize: maxResponseHeadBytes,
    connect: { timeout: timeouts.connectMs, ...(tls && tlsOptions(tls)) },
  })
}
