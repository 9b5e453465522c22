// The kubelet's part: makes podman run a Pod, asks its probes, runs its hooks, and tells its containers to end.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { Container, Workload } from '../kube-object.ts'
import { playablePod, type PlayOptions } from './playable-pod.ts'
import type { Podman } from './podman.ts'
import { probeCommand } from './probe-command.ts'
import type { RunningPod } from './running-pod.ts'

export const NETWORK = 'cluster'

/** How long a loaded machine may take; what the manifests allow an image is held in images.cases.ts. */
const READY_WITHIN_MS = 150_000
/** The grace period of the manifests less their preStop. */
const STOP_WITHIN_SECONDS = '40'
/** 128 + SIGKILL. */
const KILLED = '137'

export class Kubelet {
  readonly #on: Podman

  constructor(on: Podman) {
    this.#on = on
  }

  /** Plays one Pod of the workload, beside the ConfigMaps that it names; it is not ready yet. */
  async start(workload: Workload, configMaps: readonly object[], options: PlayOptions): Promise<RunningPod> {
    const { name } = options
    const file = join(this.#on.folder, `${name}.yaml`)
    const documents = [...configMaps, ...playablePod(workload, options)]
    writeFileSync(file, documents.map((one) => stringify(one)).join('---\n'))
    await this.#on.make(
      ['kube', 'play', '--network', NETWORK, file],
      [
        ['pod', 'rm', '--force', name],
        ['volume', 'prune', '--force'],
      ],
    )
    return { name, address: await this.#addressOf(name), workload, ready: false, leaving: false }
  }

  /** @throws Error with the Pod's log when its probes do not pass in time. */
  async untilPasses(pod: RunningPod): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS
    while (!(await this.#passes(pod))) {
      if (Date.now() > deadline)
        throw new Error(`${pod.name} is not ready after ${READY_WITHIN_MS} ms:\n${await this.#logs(pod)}`)
      await pause(100)
    }
  }

  /**
   * The hooks of all of them at once, then SIGTERM and the end of one after the other.
   * @throws Error when a container had to be killed.
   */
  async end(pods: readonly RunningPod[]): Promise<void> {
    const hooks = pods.flatMap((pod) =>
      pod.workload.containers.map((container) => this.#runPreStop(pod, container)),
    )
    await Promise.all(hooks)
    for (const pod of pods) {
      await this.stop(pod)
      await this.#endedInTime(pod)
      await this.#on.podman('pod', 'rm', '--force', pod.name)
    }
  }

  /**
   * Stops the containers; the volumes stay. The one that holds the network goes last: podman stops all of a Pod at once,
   * and what an app still answers while it drains would reach nobody.
   */
  async stop({ name, workload }: RunningPod): Promise<void> {
    const containers = workload.containers.map((container) => `${name}-${container.name}`)
    await Promise.all(
      containers.map((container) => this.#on.podman('stop', '--time', STOP_WITHIN_SECONDS, container)),
    )
    await this.#on.podman('pod', 'stop', name)
  }

  async #endedInTime(pod: RunningPod): Promise<void> {
    for (const { name } of pod.workload.containers) {
      const inspect = ['inspect', '--format', '{{.State.ExitCode}}', `${pod.name}-${name}`]
      const exitCode = await this.#on.podman(...inspect)
      if (exitCode !== KILLED) continue
      const log = await this.#logs(pod)
      throw new Error(`${pod.name}: ${name} did not end within ${STOP_WITHIN_SECONDS} s of SIGTERM:\n${log}`)
    }
  }

  async startAgain(pod: RunningPod): Promise<void> {
    await this.#on.podman('pod', 'start', pod.name)
    pod.address = await this.#addressOf(pod.name)
  }

  async #passes({ address, workload }: RunningPod): Promise<boolean> {
    for (const container of workload.containers) {
      const probe = container.readinessProbe ?? container.startupProbe
      const [program, ...args] = (probe && probeCommand(probe, container, address)) ?? []
      if (program !== undefined && (await this.#on.run(program, ...args)).code !== 0) return false
    }
    return true
  }

  async #runPreStop({ name }: RunningPod, { name: container, lifecycle }: Container): Promise<void> {
    const { sleep, exec } = lifecycle?.preStop ?? {}
    if (sleep !== undefined) await pause(sleep.seconds * 1000)
    // As in a cluster, a hook that fails stops nothing: the container may be gone already.
    if (exec !== undefined) await this.#on.run('podman', 'exec', `${name}-${container}`, ...exec.command)
  }

  async #addressOf(pod: string): Promise<string> {
    const infra = await this.#on.podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod)
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
    return this.#on.podman('inspect', '--format', format, infra)
  }

  async #logs({ name }: RunningPod): Promise<string> {
    return (await this.#on.run('podman', 'pod', 'logs', name)).stdout.slice(-4000)
  }
}
