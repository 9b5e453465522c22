// The verbs of kubectl that the printed commands use, on the cluster of a test.
import { join, relative } from 'node:path'
import { dnsFlagsOf } from '../cluster/dns-names.ts'
import { NETWORK } from '../cluster/kubelet.ts'
import type { World } from '../cluster/world.ts'
import { ROOT } from '../read-manifests.ts'
import { render } from '../render.ts'
import type { CommandLine } from './command-line.ts'
import type { IngressAddon } from './ingress-addon.ts'
import type { Created } from './kubectl-create.ts'
import { get } from './kubectl-get.ts'
import { getAsYaml } from './kubectl-get-yaml.ts'
import type { Reply } from './stand-in.ts'
import { containerNamed, nameOf, podNamed, said, serviceNamed, type Verb } from './targets.ts'

/** Full names of the images that the printed commands call by their short ones. */
const SHORT_IMAGES: Readonly<Record<string, string>> = {
  'busybox:1.37': 'docker.io/library/busybox:1.37',
  'curlimages/curl:8.10.1': 'docker.io/curlimages/curl:8.10.1',
}

export interface KubectlParts {
  readonly created: Created
  readonly addon: IngressAddon
  /** Names the file that says that a forwarded port is open. */
  readonly readyFile: (port: string) => string
}

export function kubectlVerbs(world: World, parts: KubectlParts): Readonly<Record<string, Verb>> {
  return {
    ...changingVerbs(world, parts),
    get: (line) => getOrList(world, parts, line),
    wait: ({ words: [what = ''] }) => {
      const late = what === 'deployment' ? world.cluster.pods.filter(({ ready }) => !ready) : []
      return said(
        late.length === 0 ? `${what} condition met` : late.map(({ name }) => name).join(),
        late.length,
      )
    },
    logs: async ({ words: [what] }) => {
      const { stdout } = await world.podman.run('podman', 'logs', containerNamed(podNamed(world, what)))
      return said(stdout.trimEnd())
    },
    exec: async ({ words: [what], flags, rest }) => {
      const container = containerNamed(podNamed(world, what), flags['container'])
      const { code, stdout } = await world.podman.run('podman', 'exec', container, ...rest)
      return said(stdout.trimEnd(), code)
    },
    run: async ({ flags, rest }) => {
      const image = SHORT_IMAGES[flags['image'] ?? ''] ?? ''
      const dns = dnsFlagsOf(flags['namespace'] ?? 'default')
      const { code, stdout } = await world.podman.once('--network', NETWORK, ...dns, image, ...rest)
      return said(stdout.trimEnd(), code)
    },
    'port-forward': (line) => forward(world, line, parts.readyFile),
  }
}

function getOrList(world: World, { created, addon }: KubectlParts, line: CommandLine): Reply {
  const [kinds = ''] = line.words
  if (line.flags['output'] === 'yaml')
    return getAsYaml(world, kinds, { ingresses: addon.ingresses, secrets: created.secrets })
  return kinds === 'ingress' ? said(addon.lines().join('\n')) : get(world, line)
}

function changingVerbs(world: World, { created, addon }: KubectlParts): Readonly<Record<string, Verb>> {
  const { cluster } = world
  return {
    apply: async ({ flags }) => {
      const folder = relative(ROOT, join(ROOT, flags['kustomize'] ?? ''))
      const { configMaps, secrets } = created
      const objects = render(folder)
      await cluster.apply([...configMaps, ...objects], { secrets })
      await addon.serve(world, objects, secrets)
      return said('applied')
    },
    rollout: async ({ words: [what, deployment] }) => {
      const name = nameOf(deployment)
      if (what === 'restart') await cluster.rollingRestart(name)
      const late = cluster.podsOf(name).some((pod) => !pod.ready)
      return said(`deployment "${name}" successfully rolled out`, Number(late))
    },
    scale: async ({ words, flags }) => {
      await cluster.scale(nameOf(words.at(-1)), Number(flags['replicas']))
      return said('scaled')
    },
    set: async ({ words: [, deployment, variable = ''] }) => {
      const [name = '', value = ''] = variable.split('=')
      await cluster.setEnv(nameOf(deployment), { [name]: value })
      return said('env updated')
    },
    label: async ({ words: [, pod = '', label = ''] }) => {
      const [key = '', value = ''] = label.split('=')
      await cluster.setLabels(pod, { [key]: value })
      return said(`pod/${pod} labeled`)
    },
    patch: async (line) => {
      const { object } = serviceNamed(world, line.words[1] ?? '', line)
      const { spec } = JSON.parse(line.flags['patch'] ?? '') as { spec: object }
      await cluster.apply([{ ...object, spec: { ...object.spec, ...spec } }])
      return said(`service/${object.metadata.name} patched`)
    },
  }
}

function forward(
  world: World,
  { words: [what = '', ports = ''] }: CommandLine,
  readyFile: (port: string) => string,
): Reply {
  const [from = '', to = from] = ports.split(':')
  const [kind, name = ''] = what.split('/')
  const host = kind === 'service' ? world.cluster.addressOf(name) : podNamed(world, what).address
  return {
    code: 0,
    stdout: `Forwarding from 127.0.0.1:${from} -> ${to}\n`,
    forward: { from: Number(from), to: { host, port: Number(to) }, readyFile: readyFile(from) },
  }
}
