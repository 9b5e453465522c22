// kube-proxy in mode iptables: an address per Service and, where it has one, a port of the node, led to a ready Pod at
// random, decided per connection.
import type { ServicePort, Workload } from '../kube-object.ts'
import { DNS_ADDRESS } from './dns-names.ts'
import { isEndpoint, hasAddress, type PlacedService } from './placed-service.ts'
import type { RunningPod } from './running-pod.ts'

/** Shell commands, once per cluster. */
export const SERVICE_CHAIN = [
  'iptables -t nat -N SERVICES',
  'iptables -t nat -A PREROUTING -j SERVICES',
  'iptables -t nat -A OUTPUT -j SERVICES',
  // Replies between two Pods of one bridge would go past the translation: let the node answer for the client.
  'iptables -t nat -A POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE',
  'ip route add 10.96.0.0/16 dev lo',
  `ip address add ${DNS_ADDRESS}/32 dev lo`,
  // What is still addressed to a Service after the translation has no Pod: refused, as kube-proxy does it.
  'iptables -I FORWARD -d 10.96.0.0/16 -j REJECT',
  // From the node itself by a reset: an ICMP message does not find back over the loopback interface.
  'iptables -I OUTPUT -d 10.96.0.0/16 -p tcp -j REJECT --reject-with tcp-reset',
  `iptables -I OUTPUT -d ${DNS_ADDRESS} -j ACCEPT`,
].join('\n')

/** The chain as `iptables-restore --noflush` takes it. */
export function serviceRules(services: readonly PlacedService[], pods: readonly RunningPod[]): string {
  const lines = services
    .filter(({ object }) => hasAddress(object))
    .flatMap((service) => {
      const endpoints = pods.filter((pod) => isEndpoint(service, pod))
      return (service.object.spec?.ports ?? []).flatMap((port) => rulesFor(service, port, endpoints))
    })
  return ['*nat', ':SERVICES - [0:0]', ...lines, 'COMMIT', ''].join('\n')
}

function rulesFor(
  { address }: PlacedService,
  { port, targetPort = port, nodePort }: ServicePort,
  endpoints: readonly RunningPod[],
): readonly string[] {
  const doors = [
    `-d ${address}/32 -p tcp --dport ${port}`,
    ...(nodePort === undefined ? [] : [`-m addrtype --dst-type LOCAL -p tcp --dport ${nodePort}`]),
  ]
  return endpoints.flatMap((pod, at) => {
    const left = endpoints.length - at
    const choice = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(6)}` : ''
    const to = `${pod.address}:${numberOf(targetPort, pod.workload)}`
    return doors.map((door) => `-A SERVICES ${door}${choice} -j DNAT --to-destination ${to}`)
  })
}

function numberOf(port: number | string, { containers }: Workload): number {
  if (typeof port === 'number') return port
  const found = containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === port)
  if (found === undefined) throw new Error(`no container has a port called ${port}`)
  return found.containerPort
}
