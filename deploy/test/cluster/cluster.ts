// A cluster of one node: podman runs the Pods, and the test plays the parts that podman has not: the Deployment
// controller (replicas, rolling restart), the kubelet's probes and hooks (kubelet.ts), kube-proxy (service-rules.ts), the
// network plug-in's policies (policy-rules.ts) and the DNS server (dns-server.ts).
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  describeObject,
  namespaceOf,
  podsWanted,
  sameObject,
  workloadsOf,
  type KubeObject,
  type Workload,
} from '../kube-object.ts'
import { DNS_ADDRESS, dnsNames } from './dns-names.ts'
import { Kubelet, NETWORK } from './kubelet.ts'
import type { PlacedService } from './placed-service.ts'
import type { Secrets } from './playable-pod.ts'
import type { Podman } from './podman.ts'
import { POLICY_CHAIN, policyRules } from './policy-rules.ts'
import type { RunningPod } from './running-pod.ts'
import { SERVICE_CHAIN, serviceRules } from './service-rules.ts'
import { ServiceTable } from './service-table.ts'

/** What is not in the overlay: the content of Secrets, and folders that stand for ConfigMaps or Secrets (playable-pod.ts). */
export interface Given {
  readonly secrets?: Secrets
  readonly folders?: Readonly<Record<string, string>>
}

export interface Cluster {
  readonly pods: readonly RunningPod[]
  readonly services: readonly PlacedService[]
  /**
   * Plays Services, ConfigMaps, Deployments and Pods and waits until every Pod is ready. What is there already
   * keeps its address, and its Pods when they are the same.
   */
  apply(objects: readonly KubeObject[], given?: Given): Promise<void>
  /** Address of a Service, reachable from every Pod and from the room. */
  addressOf(service: string, namespace?: string): string
  podsOf(deployment: string): readonly RunningPod[]
  /** The first of them. @throws Error when there is none. */
  podOf(deployment: string): RunningPod
  setLabels(pod: string, labels: Readonly<Record<string, string>>): Promise<void>
  /** As `kubectl set env`: variables of the first container, and a rolling restart. */
  setEnv(deployment: string, variables: Readonly<Record<string, string>>): Promise<void>
  /** As `kubectl rollout restart`: a new Pod is ready before an old one is told to go. */
  rollingRestart(deployment: string): Promise<void>
  scale(deployment: string, replicas: number): Promise<void>
  /** Stops the containers of a Pod; its volumes stay. */
  halt(pod: RunningPod): Promise<void>
  /** Starts them again and waits until they are ready. */
  resume(pod: RunningPod): Promise<void>
  /** Removes everything that was applied. */
  clear(): Promise<void>
}

/** Where the node itself answers: the bridge's own address, and with it the node ports. */
export const NODE_ADDRESS = '10.78.0.1'

export async function openCluster(on: Podman): Promise<Cluster> {
  await on.podman('network', 'create', NETWORK, '--subnet', '10.78.0.0/24', '--disable-dns')
  const { code, stderr } = await on.run('sh', '-ec', `${SERVICE_CHAIN}\n${POLICY_CHAIN}`)
  if (code !== 0) throw new Error(stderr)
  const cluster = new OneNode(on)
  await cluster.clear()
  const server = join(import.meta.dirname, 'dns-server.ts')
  await on.room.start((line) => line === 'ready', process.execPath, server, cluster.dnsTable, DNS_ADDRESS)
  return cluster
}

class OneNode implements Cluster {
  readonly dnsTable: string
  readonly #on: Podman
  readonly #kubelet: Kubelet
  #pods: RunningPod[] = []
  readonly #services = new ServiceTable()
  #configMaps: KubeObject[] = []
  #policies: readonly KubeObject[] = []
  #secrets: Secrets = {}
  #folders: Readonly<Record<string, string>> = {}
  #made = 0

  constructor(on: Podman) {
    this.#on = on
    this.#kubelet = new Kubelet(on)
    this.dnsTable = join(on.folder, 'dns.json')
  }

  get pods(): readonly RunningPod[] {
    return this.#pods
  }

  get services(): readonly PlacedService[] {
    return this.#services.all
  }

  podsOf(deployment: string): readonly RunningPod[] {
    return this.#pods.filter(
      ({ workload, leaving }) => workload.object.metadata.name === deployment && !leaving,
    )
  }

  podOf(deployment: string): RunningPod {
    const [first] = this.podsOf(deployment)
    if (first === undefined) throw new Error(`no Pod of ${deployment} runs`)
    return first
  }

  addressOf(service: string, namespace = 'default'): string {
    return this.#services.find(service, namespace).address
  }

  async apply(objects: readonly KubeObject[], { secrets = {}, folders = {} }: Given = {}): Promise<void> {
    this.#secrets = { ...this.#secrets, ...secrets }
    this.#folders = { ...this.#folders, ...folders }
    const configMaps = objects.filter(({ kind }) => kind === 'ConfigMap')
    this.#configMaps = [...this.#configMaps.filter((one) => !configMaps.some(sameObject(one))), ...configMaps]
    this.#policies = [...this.#policies, ...objects.filter(({ kind }) => kind === 'NetworkPolicy')]
    for (const object of objects.filter(({ kind }) => kind === 'Service')) this.#services.place(object)
    // A Pod finds the Services at its first step, whether somebody is behind them or not.
    await this.#syncServices()
    const started: RunningPod[] = []
    for (const workload of workloadsOf(objects)) {
      const there = this.#pods.filter((pod) => sameObject(workload.object)(pod.workload.object))
      if (there.some((pod) => !isDeepStrictEqual(pod.workload.pod, workload.pod)))
        throw new Error(`${describeObject(workload.object)} runs with another template: clear first`)
      for (let at = there.length; at < podsWanted(objects, workload.object); at++)
        started.push(await this.#start(workload))
    }
    for (const pod of started) await this.#untilReady(pod)
    await this.#syncServices()
  }

  async setLabels(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const pod = this.#pods.find((one) => one.name.startsWith(name))
    if (pod === undefined) throw new Error(`no Pod ${name}`)
    this.#change(pod, { labels: { ...pod.workload.labels, ...labels } })
    await this.#syncServices()
  }

  async setEnv(deployment: string, variables: Readonly<Record<string, string>>): Promise<void> {
    for (const pod of this.podsOf(deployment)) {
      const [first, ...others] = pod.workload.containers
      if (first === undefined) throw new Error(`${deployment} has no container`)
      const kept = (first.env ?? []).filter(({ name }) => variables[name] === undefined)
      const env = [...kept, ...Object.entries(variables).map(([name, value]) => ({ name, value }))]
      this.#change(pod, { containers: [{ ...first, env }, ...others] })
    }
    await this.rollingRestart(deployment)
  }

  async scale(deployment: string, replicas: number): Promise<void> {
    const pods = this.podsOf(deployment)
    const { workload } = this.podOf(deployment)
    const started: RunningPod[] = []
    for (let at = pods.length; at < replicas; at++) started.push(await this.#start(workload))
    for (const pod of started) await this.#untilReady(pod)
    await this.#end(...pods.slice(replicas))
  }

  async rollingRestart(deployment: string): Promise<void> {
    for (const old of this.podsOf(deployment)) {
      await this.#untilReady(await this.#start(old.workload))
      await this.#end(old)
    }
  }

  async halt(pod: RunningPod): Promise<void> {
    pod.ready = false
    await this.#syncServices()
    await this.#kubelet.stop(pod)
  }

  async resume(pod: RunningPod): Promise<void> {
    await this.#kubelet.startAgain(pod)
    await this.#untilReady(pod)
  }

  async clear(): Promise<void> {
    this.#pods = []
    this.#services.clear()
    this.#configMaps = []
    this.#policies = []
    await this.#syncServices()
    // Removing Pods that run takes podman ten seconds each: it holds the locks that the clean-up of their containers waits for.
    await this.#on.podman('stop', '--all', '--time', '0')
    await this.#on.podman('pod', 'rm', '--all', '--force')
    await this.#on.podman('volume', 'prune', '--force')
  }

  async #start(workload: Workload): Promise<RunningPod> {
    const pod = await this.#kubelet.start(
      workload,
      this.#configMaps.filter((one) => namespaceOf(one) === workload.namespace),
      {
        name: `${workload.object.metadata.name}-${++this.#made}`,
        services: this.#services.all,
        secrets: this.#secrets,
        folders: this.#folders,
      },
    )
    this.#pods.push(pod)
    return pod
  }

  async #untilReady(pod: RunningPod): Promise<void> {
    await this.#kubelet.untilPasses(pod)
    pod.ready = true
    await this.#syncServices()
  }

  async #end(...pods: readonly RunningPod[]): Promise<void> {
    for (const pod of pods) pod.leaving = true
    await this.#syncServices()
    await this.#kubelet.end(pods)
    this.#pods = this.#pods.filter((one) => !pods.includes(one))
  }

  #change(pod: RunningPod, change: Partial<Workload>): void {
    const changed = { ...pod, workload: { ...pod.workload, ...change } }
    this.#pods = this.#pods.map((one) => (one === pod ? changed : one))
  }

  /** The whole chain and the whole table of names are replaced at once. */
  async #syncServices(): Promise<void> {
    const names = `${this.dnsTable}.new`
    writeFileSync(names, JSON.stringify(dnsNames(this.#services.all, this.#pods)))
    renameSync(names, this.dnsTable)
    const rules = join(this.#on.folder, 'services.rules')
    const policies = policyRules(this.#policies, this.#pods)
    writeFileSync(rules, serviceRules(this.#services.all, this.#pods) + policies)
    const { code, stderr } = await this.#on.run('sh', '-c', `iptables-restore --wait 60 --noflush < ${rules}`)
    if (code !== 0) throw new Error(stderr)
  }
}
