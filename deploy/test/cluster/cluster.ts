// A cluster of one node: podman runs the Pods, and the test plays the parts that podman has not: the Deployment
// controller (replicas, rolling restart), the kubelet's probes and hooks, and kube-proxy (one address per Service, led to
// the ready Pods by rules of iptables).
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import { namespaceOf, workloadsOf, type KubeObject, type Workload } from '../kube-object.ts'
import { playablePod, type PlacedService, type Secrets } from './playable-pod.ts'
import type { Podman } from './podman.ts'
import { probeUrl } from './probe-url.ts'
import type { RunningPod } from './running-pod.ts'
import { SERVICE_CHAIN, serviceRules } from './service-rules.ts'

/** What is not in the overlay: the content of Secrets, and folders that stand for ConfigMaps or Secrets (playable-pod.ts). */
export interface Given {
  readonly secrets?: Secrets
  readonly folders?: Readonly<Record<string, string>>
}

export interface Cluster {
  readonly pods: readonly RunningPod[]
  /** Plays Services, ConfigMaps, Deployments and Pods and waits until every Pod is ready. */
  apply(objects: readonly KubeObject[], given?: Given): Promise<void>
  /** Address of a Service, reachable from every Pod and from the room. */
  addressOf(service: string, namespace?: string): string
  podsOf(deployment: string): readonly RunningPod[]
  /** The first of them. @throws Error when there is none. */
  podOf(deployment: string): RunningPod
  setLabels(pod: string, labels: Readonly<Record<string, string>>): Promise<void>
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

const NETWORK = 'cluster'
const READY_WITHIN_MS = 60_000

export async function openCluster(on: Podman): Promise<Cluster> {
  await on.podman('network', 'create', NETWORK, '--subnet', '10.78.0.0/24', '--disable-dns')
  const { code, stderr } = await on.run('sh', '-ec', SERVICE_CHAIN)
  if (code !== 0) throw new Error(stderr)
  return new OneNode(on)
}

class OneNode implements Cluster {
  readonly #on: Podman
  #pods: RunningPod[] = []
  #services: PlacedService[] = []
  #configMaps: KubeObject[] = []
  #secrets: Secrets = {}
  #folders: Readonly<Record<string, string>> = {}
  #made = 0
  #served = 0

  constructor(on: Podman) {
    this.#on = on
  }

  get pods(): readonly RunningPod[] {
    return this.#pods
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
    const found = this.#services.find(
      ({ object }) => object.metadata.name === service && namespaceOf(object) === namespace,
    )
    if (found === undefined) throw new Error(`no Service ${namespace}/${service} was applied`)
    return found.address
  }

  async apply(objects: readonly KubeObject[], { secrets = {}, folders = {} }: Given = {}): Promise<void> {
    this.#secrets = { ...this.#secrets, ...secrets }
    this.#folders = { ...this.#folders, ...folders }
    this.#configMaps.push(...objects.filter(({ kind }) => kind === 'ConfigMap'))
    for (const object of objects.filter(({ kind }) => kind === 'Service'))
      this.#services.push({ object, address: `10.96.0.${++this.#served}` })
    const wanted = workloadsOf(objects).flatMap((one) =>
      Array.from({ length: one.object.spec?.replicas ?? 1 }, () => one),
    )
    const started: RunningPod[] = []
    for (const one of wanted) started.push(await this.#start(one))
    for (const pod of started) await this.#untilReady(pod)
  }

  async setLabels(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const at = this.#pods.findIndex((one) => one.name.startsWith(name))
    const pod = this.#pods[at]
    if (pod === undefined) throw new Error(`no Pod ${name}`)
    this.#pods[at] = { ...pod, workload: { ...pod.workload, labels: { ...pod.workload.labels, ...labels } } }
    await this.#syncServices()
  }

  async scale(deployment: string, replicas: number): Promise<void> {
    const pods = this.podsOf(deployment)
    const { workload } = this.podOf(deployment)
    const more = Array.from({ length: Math.max(0, replicas - pods.length) })
    for (const _ of more) await this.#untilReady(await this.#start(workload))
    for (const pod of pods.slice(replicas)) await this.#end(pod)
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
    await this.#on.podman('pod', 'stop', '--time', '40', pod.name)
  }

  async resume(pod: RunningPod): Promise<void> {
    await this.#on.podman('pod', 'start', pod.name)
    pod.address = await this.#addressOf(pod.name)
    await this.#untilReady(pod)
  }

  async clear(): Promise<void> {
    this.#pods = []
    this.#services = []
    this.#configMaps = []
    await this.#syncServices()
    await this.#on.podman('pod', 'rm', '--all', '--force', '--time', '0')
    await this.#on.podman('volume', 'prune', '--force')
  }

  async #start(workload: Workload): Promise<RunningPod> {
    const name = `${workload.object.metadata.name}-${++this.#made}`
    const documents = [
      ...this.#configMaps.filter((one) => namespaceOf(one) === workload.namespace),
      ...playablePod(workload, {
        name,
        services: this.#services,
        secrets: this.#secrets,
        folders: this.#folders,
      }),
    ]
    const file = join(this.#on.folder, `${name}.yaml`)
    writeFileSync(file, documents.map((one) => stringify(one)).join('---\n'))
    await this.#on.podman('kube', 'play', '--network', NETWORK, file)
    const address = await this.#addressOf(name)
    const pod: RunningPod = { name, address, workload, ready: false, leaving: false }
    this.#pods.push(pod)
    return pod
  }

  async #addressOf(pod: string): Promise<string> {
    const infra = await this.#on.podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod)
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
    return this.#on.podman('inspect', '--format', format, infra)
  }

  async #untilReady(pod: RunningPod): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS
    while (!(await this.#passes(pod))) {
      if (Date.now() > deadline)
        throw new Error(`${pod.name} is not ready after ${READY_WITHIN_MS} ms:\n${await this.#logs(pod)}`)
      await pause(100)
    }
    pod.ready = true
    await this.#syncServices()
  }

  async #passes({ address, workload }: RunningPod): Promise<boolean> {
    for (const container of workload.containers) {
      const probe = container.readinessProbe ?? container.startupProbe
      const url = probe === undefined ? undefined : probeUrl(probe, container, address)
      if (url === undefined) continue
      const { stdout } = await this.#on.run(
        'curl',
        '-s',
        '-m',
        '1',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        url,
      )
      if (stdout !== '200') return false
    }
    return true
  }

  async #end(pod: RunningPod): Promise<void> {
    pod.leaving = true
    await this.#syncServices()
    const { preStop } = pod.workload.containers[0]?.lifecycle ?? {}
    const { seconds = 0 } = (preStop?.sleep ?? {}) as { seconds?: number }
    await pause(seconds * 1000)
    await this.#on.podman('pod', 'stop', '--time', '40', pod.name)
    this.#pods = this.#pods.filter((one) => one !== pod)
    await this.#on.podman('pod', 'rm', '--force', pod.name)
  }

  /** The whole chain is replaced at once. */
  async #syncServices(): Promise<void> {
    const file = join(this.#on.folder, 'services.rules')
    writeFileSync(file, serviceRules(this.#services, this.#pods))
    const { code, stderr } = await this.#on.run('sh', '-c', `iptables-restore --noflush < ${file}`)
    if (code !== 0) throw new Error(stderr)
  }

  async #logs({ name }: RunningPod): Promise<string> {
    return (await this.#on.run('podman', 'pod', 'logs', name)).stdout.slice(-4000)
  }
}
