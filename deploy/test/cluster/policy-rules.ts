// A network plug-in's part: what NetworkPolicies let into a Pod, as rules of iptables. Holds for what passes the node, as
// everything addressed to a Service does; what the node itself asks (probes) is always let in.
import { isPeer, type KubeObject } from '../kube-object.ts'
import { policiesFor } from '../network-policy.ts'
import type { RunningPod } from './running-pod.ts'

/** Shell commands, once per cluster. In the table mangle: in filter podman puts its own rules, which let all in, before ours. */
export const POLICY_CHAIN = 'iptables -t mangle -N POLICIES && iptables -t mangle -A FORWARD -j POLICIES'

/** The chain as `iptables-restore --noflush` takes it. */
export function policyRules(policies: readonly KubeObject[], pods: readonly RunningPod[]): string {
  const lines = pods.flatMap((pod) => {
    const about = policiesFor(policies, pod.workload.labels, pod.workload.namespace)
    if (about.length === 0) return []
    const letIn = about.flatMap((policy) => allowances(policy, pods))
    const to = `-A POLICIES -d ${pod.address}/32`
    return [...letIn.map((one) => `${to}${one} -j RETURN`), `${to} -j DROP`]
  })
  const answers = '-A POLICIES -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN'
  return ['*mangle', ':POLICIES - [0:0]', answers, ...lines, 'COMMIT', ''].join('\n')
}

/** From whom and to which port, as conditions of a rule. */
function allowances({ spec, metadata }: KubeObject, pods: readonly RunningPod[]): readonly string[] {
  return (spec?.ingress ?? []).flatMap(({ from, ports }) => {
    const sources =
      from === undefined
        ? ['']
        : pods
            .filter(({ workload }) => from.some((peer) => isPeer(peer, workload.labels)))
            .map(({ address }) => ` -s ${address}/32`)
    const doors = ports?.map(({ port, protocol = 'TCP' }) => {
      if (typeof port !== 'number') throw new Error(`${metadata.name}: a port by name is not read here`)
      return ` -p ${protocol.toLowerCase()} --dport ${port}`
    }) ?? ['']
    return sources.flatMap((source) => doors.map((door) => `${source}${door}`))
  })
}
