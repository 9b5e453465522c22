import { Refusal, type ObjectName } from '../annotations/value.ts'
import type { ConfigMap } from '../parse/config-map.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { Secret } from '../parse/secret.ts'
import type { CompileSettings } from '../settings.ts'
import { reach, type BackendAddress, type Reach } from './endpoints.ts'

/**
 * Finds the Secrets and ConfigMaps that an Ingress names, and remembers what it was asked and what it answered: an answer
 * that changes makes what was built from it stale. Other namespaces are out of reach, unless the operator allows them.
 */
export class LookUp {
  readonly #objects: Objects
  readonly #anyNamespace: boolean
  readonly #settings: CompileSettings
  readonly #answers: Answer[] = []
  readonly #reaches: { readonly address: BackendAddress; readonly found: Reach | undefined }[] = []

  constructor(objects: Objects, anyNamespace: boolean, settings: CompileSettings) {
    this.#objects = objects
    this.#anyNamespace = anyNamespace
    this.#settings = settings
  }

  secret(name: ObjectName, asker: Ingress): Secret | Refusal {
    return this.#find('secrets', 'Secret', name, asker) as Secret | Refusal
  }

  configMap(name: ObjectName, asker: Ingress): ConfigMap | Refusal {
    return this.#find('configMaps', 'ConfigMap', name, asker) as ConfigMap | Refusal
  }

  /** Where a Service can be reached, of any namespace, as in a cluster; undefined for one that nobody has told of. */
  reach(address: BackendAddress): Reach | undefined {
    const found = reachAmong(this.#objects, address, this.#settings)
    this.#reaches.push({ address, found })
    return found
  }

  /** Whether the same questions have the same answers among other objects. */
  stillHolds(objects: Objects): boolean {
    return (
      this.#answers.every(({ where, key, answer }) => objects[where].get(key) === answer) &&
      this.#reaches.every(({ address, found }) => {
        const now = reachAmong(objects, address, this.#settings)
        // Endpoints come and go: they are the backend's, and nothing is built from them here.
        return now?.source === found?.source && now?.problem?.message === found?.problem?.message
      })
    )
  }

  #find(
    where: Answer['where'],
    kind: string,
    { namespace, name }: ObjectName,
    asker: Ingress,
  ): Secret | ConfigMap | Refusal {
    const home = namespace ?? asker.namespace
    if (home !== asker.namespace && !this.#anyNamespace) {
      const problem = `${kind} ${home}/${name} is in another namespace, which is not allowed`
      const fix = `copy it to namespace ${asker.namespace}, or set the global ConfigMap’s allow-cross-namespace-resources: 'true'`
      return new Refusal(problem, undefined, fix)
    }
    const key = `${home}/${name}`
    const answer = this.#objects[where].get(key)
    this.#answers.push({ where, key, answer })
    return answer ?? new Refusal(`there is no ${kind} ${key}`, undefined, HOW_TO_MAKE[where](name, home))
  }
}

function reachAmong(objects: Objects, address: BackendAddress, settings: CompileSettings): Reach | undefined {
  const { namespace, service: name } = address
  const key = `${namespace}/${name}`
  const service = objects.services.get(key)
  const isMapped = settings.serviceMappings.some((m) => m.namespace === namespace && m.service === name)
  if (service === undefined && !isMapped) return undefined
  return reach(address, { service, slices: objects.slices.get(key) ?? [], settings })
}

const HOW_TO_MAKE = {
  secrets: (name: string, namespace: string) =>
    `add it (kubectl create secret generic ${name} -n ${namespace} --from-file=…), or correct the name`,
  configMaps: () => 'add it, or correct the name',
} as const

interface Answer {
  readonly where: 'secrets' | 'configMaps'
  readonly key: string
  readonly answer: Secret | ConfigMap | undefined
}
