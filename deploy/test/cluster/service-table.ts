import { namespaceOf, sameObject, type KubeObject } from '../kube-object.ts'
import { hasAddress, type PlacedService } from './placed-service.ts'

const FIRST_NODE_PORT = 32_000

/** The Services of a cluster and what it gave them: addresses in 10.96.0.0/24, and node ports. */
export class ServiceTable {
  #placed: PlacedService[] = []
  /** The last part of the latest address; the first ones belong to the cluster itself. */
  #served = 20
  #nodePorts = 0

  get all(): readonly PlacedService[] {
    return this.#placed
  }

  /** A Service that is there keeps its address; a node port that it does not say is given to it. */
  place(object: KubeObject): void {
    const at = this.#placed.findIndex((one) => sameObject(object)(one.object))
    const address = this.#placed[at]?.address ?? (hasAddress(object) ? `10.96.0.${++this.#served}` : '')
    const ports = (object.spec?.ports ?? []).map((port) =>
      object.spec?.type === 'NodePort' ? { nodePort: FIRST_NODE_PORT + this.#nodePorts++, ...port } : port,
    )
    const placed = { object: { ...object, spec: { ...object.spec, ports } }, address }
    if (at === -1) this.#placed.push(placed)
    else this.#placed[at] = placed
  }

  /** @throws Error when it was not placed. */
  find(name: string, namespace: string): PlacedService {
    const found = this.#placed.find(
      ({ object }) => object.metadata.name === name && namespaceOf(object) === namespace,
    )
    if (found === undefined) throw new Error(`services "${name}" not found in ${namespace}`)
    return found
  }

  clear(): void {
    this.#placed = []
  }
}
