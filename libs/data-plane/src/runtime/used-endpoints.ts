import type { Backend } from '@postern/routing-table'
import { Counted } from '../counted.ts'

/** The endpoints of backends that requests asked for: only there can an engine have connections. */
export class UsedEndpoints {
  readonly #endpoints = new Counted<string>()
  /** Backends whose addresses are only known while serving. */
  #named = 0

  add(backend: Backend): void {
    if (backend.dns !== undefined) this.#named += 1
    for (const key of keysOf(backend)) this.#endpoints.add(key)
  }

  remove(backend: Backend): void {
    if (backend.dns !== undefined) this.#named -= 1
    for (const key of keysOf(backend)) this.#endpoints.remove(key)
  }

  /** While a backend is known by name, no address can be called gone. */
  has(address: string, port: number): boolean {
    return this.#named > 0 || this.#endpoints.has(`${address} ${String(port)}`)
  }
}

function keysOf({ endpoints }: Backend): readonly string[] {
  return endpoints.map(({ address, port }) => `${address} ${String(port)}`)
}
