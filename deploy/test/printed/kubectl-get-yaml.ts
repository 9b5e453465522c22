// `kubectl get KINDS --all-namespaces -o yaml`: what the cluster of a test has, as the API server lists it.
import { stringify } from 'yaml'
import type { Secrets } from '../cluster/playable-pod.ts'
import type { World } from '../cluster/world.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Reply } from './stand-in.ts'
import { said } from './targets.ts'

export interface Listed {
  readonly ingresses: readonly KubeObject[]
  readonly secrets: Secrets
}

/** What minikube's addon brings beside its controller. */
const INGRESS_CLASS: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'nginx' },
  spec: { controller: 'k8s.io/ingress-nginx' },
}

/** @throws TypeError for a kind that no printed command has had so far. */
export function getAsYaml({ cluster }: World, kinds: string, { ingresses, secrets }: Listed): Reply {
  const byKind: Readonly<Record<string, () => readonly KubeObject[]>> = {
    ingress: () => ingresses,
    ingressclass: () => [INGRESS_CLASS],
    services: () => cluster.services.map(({ object }) => object),
    secrets: () => tlsSecrets(secrets),
  }
  const items = kinds.split(',').flatMap((kind) => {
    const list = byKind[kind]
    if (list === undefined)
      throw new TypeError(`kubectl get ${kind} -o yaml: no printed command has had it so far`)
    return list()
  })
  return said(stringify({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }))
}

function tlsSecrets(secrets: Secrets): readonly KubeObject[] {
  return Object.entries(secrets)
    .filter(([, files]) => files['tls.crt'] !== undefined)
    .map(([name, files]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name, namespace: 'default' },
      data: Object.fromEntries(
        Object.entries(files).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
      ),
    }))
}
