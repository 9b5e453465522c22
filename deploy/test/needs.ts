// What a cluster has to have before objects can run: what they name and do not bring themselves.
import { workloadsOf, type KubeObject } from './kube-object.ts'

/** Each once. */
export const sorted = (names: Iterable<string | undefined>): readonly string[] =>
  [...new Set(names)].filter((name) => name !== undefined).sort()

/** Without the registry that never is one. */
export function imagesOf(objects: readonly KubeObject[]): readonly string[] {
  const images = workloadsOf(objects).flatMap(({ containers }) => containers.map(({ image }) => image))
  return sorted(images.map((image) => image.replace('localhost/postern/', '')))
}

/** That its Ingresses name. */
export function tlsSecrets(objects: readonly KubeObject[]): readonly string[] {
  return objects.flatMap(({ spec }) => spec?.tls?.map(({ secretName }) => secretName) ?? [])
}

/** `[secret, key]` of every variable that comes from a Secret. */
export function keysOf(objects: readonly KubeObject[]): readonly (readonly [string, string])[] {
  return workloadsOf(objects).flatMap(({ containers }) =>
    containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => {
        const { secretKeyRef } = (valueFrom ?? {}) as { secretKeyRef?: { name: string; key: string } }
        return secretKeyRef === undefined ? [] : [[secretKeyRef.name, secretKeyRef.key] as const]
      }),
    ),
  )
}

export function secretsOf(objects: readonly KubeObject[]): readonly string[] {
  const mounted = workloadsOf(objects).flatMap(({ pod }) =>
    pod.volumes?.map(({ secret }) => secret?.secretName),
  )
  return sorted([...mounted, ...keysOf(objects).map(([name]) => name), ...tlsSecrets(objects)])
}

/** Those that the overlay does not bring itself. */
export function configMapsOf(objects: readonly KubeObject[]): readonly string[] {
  const own = objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name)
  const mounted = workloadsOf(objects).flatMap(({ pod }) =>
    pod.volumes?.map(({ configMap }) => configMap?.name),
  )
  return sorted(mounted).filter((name) => !own.includes(name))
}
