import type { UpstreamRequest } from '@postern/exchange'
import type { Endpoint, UpstreamTls } from '@postern/routing-table'
import type { EngineParts } from '../engine-parts.ts'
import { EndpointPool } from './endpoint-pool.ts'

// More TLS settings than this for one endpoint come from names that clients chose: those without a connection are dropped.
const MANY_SETTINGS = 64

/** The pools of an engine, one per endpoint and TLS settings (by identity). */
export class Pools {
  readonly #shared: EngineParts
  /** By address and port; TLS settings below it. `undefined` is plain TCP. */
  readonly #pools = new Map<string, Map<UpstreamTls | undefined, EndpointPool>>()
  /** The way without making a key, for endpoints that stay the same object. */
  #plain = new WeakMap<Endpoint, EndpointPool>()
  /** Not to be used again, but with connections that finish what they carry. */
  readonly #retired = new Set<EndpointPool>()

  constructor(shared: EngineParts) {
    this.#shared = shared
  }

  get({ endpoint, tls }: UpstreamRequest): EndpointPool {
    if (tls !== undefined) return this.#find(endpoint, tls)
    const known = this.#plain.get(endpoint)
    if (known !== undefined) return known
    const pool = this.#find(endpoint, undefined)
    this.#plain.set(endpoint, pool)
    return pool
  }

  prune(isLive: (address: string, port: number) => boolean): void {
    for (const pool of this.#retired) if (pool.isEmpty) this.#retired.delete(pool)
    for (const [key, byTls] of this.#pools) {
      for (const [tls, pool] of byTls) {
        const isKept = isLive(pool.endpoint.address, pool.endpoint.port)
        if (!isKept) this.#retire(pool)
        if (!isKept || (tls !== undefined && pool.isEmpty)) byTls.delete(tls)
      }
      if (byTls.size === 0) this.#pools.delete(key)
    }
    // A retired pool must not be found again by an endpoint object that is still around.
    this.#plain = new WeakMap()
  }

  destroy(): void {
    for (const byTls of this.#pools.values()) for (const pool of byTls.values()) pool.destroy()
    for (const pool of this.#retired) pool.destroy()
    this.#pools.clear()
    this.#retired.clear()
    this.#plain = new WeakMap()
  }

  #retire(pool: EndpointPool): void {
    pool.retire()
    if (!pool.isEmpty) this.#retired.add(pool)
  }

  #find(endpoint: Endpoint, tls: UpstreamTls | undefined): EndpointPool {
    const key = `${endpoint.address}:${String(endpoint.port)}`
    let byTls = this.#pools.get(key)
    if (byTls === undefined) this.#pools.set(key, (byTls = new Map()))
    let pool = byTls.get(tls)
    if (pool === undefined) {
      if (byTls.size >= MANY_SETTINGS) dropEmpty(byTls)
      byTls.set(tls, (pool = new EndpointPool(endpoint, tls, this.#shared)))
    }
    return pool
  }
}

function dropEmpty(byTls: Map<UpstreamTls | undefined, EndpointPool>): void {
  for (const [tls, pool] of byTls) if (tls !== undefined && pool.isEmpty) byTls.delete(tls)
}
