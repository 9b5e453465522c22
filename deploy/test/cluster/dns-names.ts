// What a cluster's DNS knows of its Services (Kubernetes, "DNS for Services and Pods").
import { namespaceOf, type KubeObject } from '../kube-object.ts'
import { isEndpoint, isHeadless, type PlacedService } from './placed-service.ts'
import type { RunningPod } from './running-pod.ts'

/** Where every Pod asks, as in a cluster with the usual range of Service addresses. */
export const DNS_ADDRESS = '10.96.0.10'

const DNS_SERVICE = 'kube-dns.kube-system.svc.cluster.local'

/** A normal Service has one address, a headless one those of its ready Pods, an ExternalName those of what it stands for. */
export function dnsNames(
  services: readonly PlacedService[],
  pods: readonly RunningPod[],
): Readonly<Record<string, readonly string[]>> {
  const own = new Map<string, readonly string[]>([[DNS_SERVICE, [DNS_ADDRESS]]])
  for (const service of services) {
    const { object, address } = service
    const members = pods.filter((pod) => isEndpoint(service, pod)).map((pod) => pod.address)
    own.set(nameOf(object), isHeadless(object) ? members : [address])
  }
  for (const { object } of services)
    if (object.spec?.externalName !== undefined)
      own.set(nameOf(object), own.get(object.spec.externalName) ?? [])
  return Object.fromEntries(own)
}

const nameOf = (object: KubeObject): string =>
  `${object.metadata.name}.${namespaceOf(object)}.svc.cluster.local`

/** What the kubelet writes into the resolv.conf of a Pod of `namespace`. */
export function dnsConfigOf(namespace: string): object {
  return {
    nameservers: [DNS_ADDRESS],
    searches: searchesOf(namespace),
    options: [{ name: 'ndots', value: '5' }],
  }
}

/** The same as flags of `podman run`. */
export function dnsFlagsOf(namespace: string): readonly string[] {
  const searches = searchesOf(namespace).flatMap((domain) => ['--dns-search', domain])
  return ['--dns', DNS_ADDRESS, ...searches, '--dns-option', 'ndots:5']
}

const searchesOf = (namespace: string): readonly string[] => [
  `${namespace}.svc.cluster.local`,
  'svc.cluster.local',
  'cluster.local',
]
