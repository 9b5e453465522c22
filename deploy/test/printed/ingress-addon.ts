// minikube's addon `ingress`: once it is enabled, its controller serves the Ingresses that are applied.
import { NODE_ADDRESS } from '../cluster/cluster.ts'
import { controllerObjects, controllerSecrets } from '../cluster/nginx-controller.ts'
import type { Secrets } from '../cluster/playable-pod.ts'
import type { World } from '../cluster/world.ts'
import type { KubeObject } from '../kube-object.ts'
import { tlsSecrets } from '../needs.ts'

export class IngressAddon {
  #enabled = false
  #served: readonly KubeObject[] = []

  enable(): void {
    this.#enabled = true
  }

  /** What was applied; nobody serves an Ingress before the addon is enabled. */
  async serve({ cluster }: World, objects: readonly KubeObject[], secrets: Secrets): Promise<void> {
    const ingresses = objects.filter(({ kind }) => kind === 'Ingress')
    if (!this.#enabled || ingresses.length === 0) return
    await cluster.apply(controllerObjects(), {
      secrets: await controllerSecrets(tlsSecrets(ingresses), secrets),
    })
    this.#served = ingresses
  }

  /** The Ingresses that it serves. */
  get ingresses(): readonly KubeObject[] {
    return this.#served
  }

  /** Lines of `kubectl get ingress`, with an ADDRESS as soon as the controller serves them. */
  lines(): readonly string[] {
    return this.#served.map(({ metadata, spec }) => {
      const hosts = spec?.rules?.map(({ host }) => host).join() ?? '*'
      return `${metadata.name}  nginx  ${hosts}  ${NODE_ADDRESS}  ${spec?.tls === undefined ? '80' : '80, 443'}`
    })
  }
}
