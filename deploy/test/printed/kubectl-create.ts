import { parse } from 'yaml'
import type { Secrets } from '../cluster/playable-pod.ts'
import type { World } from '../cluster/world.ts'
import type { KubeObject } from '../kube-object.ts'
import { ROOT } from '../read-manifests.ts'
import type { Reply } from './stand-in.ts'
import { said } from './targets.ts'

/** What was created by command, for the Pods to come. */
export class Created {
  readonly #secrets: Record<string, Readonly<Record<string, string>>> = {}
  readonly configMaps: KubeObject[] = []

  get secrets(): Secrets {
    return this.#secrets
  }

  /** `kubectl create secret|configmap …`: the real kubectl makes the object. */
  async create({ podman }: World, argv: readonly string[]): Promise<Reply> {
    const dry = argv.some((word) => word.startsWith('--dry-run'))
    const more = dry ? [] : ['--dry-run=client', '-o', 'yaml']
    const inRepository = ['sh', '-c', `cd '${ROOT}' && exec kubectl "$@"`, 'kubectl'] as const
    const { code, stdout, stderr } = await podman.run(...inRepository, ...argv, ...more)
    if (code !== 0 || dry) return { code, stdout: stdout + stderr }
    const object = parse(stdout) as KubeObject
    const { kind, metadata, data = {} } = object
    if (kind === 'ConfigMap') this.configMaps.push(object)
    else
      this.#secrets[metadata.name] = Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
      )
    return said(`${kind.toLowerCase()}/${metadata.name} created`)
  }
}
