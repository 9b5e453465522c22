// The part of kubectl and minikube that the printed commands use, on the cluster of a test.
import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join, relative } from 'node:path'
import { parse } from 'yaml'
import { NODE_ADDRESS } from '../cluster/cluster.ts'
import { DNS_ADDRESS, dnsFlagsOf } from '../cluster/dns-names.ts'
import { NETWORK } from '../cluster/kubelet.ts'
import { isEndpoint, type PlacedService } from '../cluster/placed-service.ts'
import type { RunningPod } from '../cluster/running-pod.ts'
import type { World } from '../cluster/world.ts'
import { namespaceOf, selects, type KubeObject } from '../kube-object.ts'
import { ROOT } from '../read-manifests.ts'
import { render } from '../render.ts'
import { readCommandLine, type CommandLine } from './command-line.ts'
import { byJsonPath, isCalled, serviceLine } from './service-view.ts'
import type { Reply } from './stand-in.ts'

const said = (stdout: string, code = 0): Reply => ({ code, stdout: stdout === '' ? '' : `${stdout}\n` })

/** Full names of the images that the printed commands call by their short ones. */
const SHORT_IMAGES: Readonly<Record<string, string>> = {
  'busybox:1.37': 'docker.io/library/busybox:1.37',
  'curlimages/curl:8.10.1': 'docker.io/curlimages/curl:8.10.1',
}

export class Control {
  readonly socket: string
  readonly #world: World
  readonly #folder: string
  readonly #server: Server
  #secrets: Record<string, Readonly<Record<string, string>>> = {}
  #configMaps: KubeObject[] = []

  constructor(world: World) {
    this.#world = world
    this.#folder = join(world.podman.folder, 'printed')
    rmSync(this.#folder, { recursive: true, force: true })
    mkdirSync(this.#folder)
    this.socket = join(this.#folder, 'socket')
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const pieces: Buffer[] = []
      client.on('data', (piece: Buffer) => pieces.push(piece))
      client.once('end', () => void this.#reply(client, Buffer.concat(pieces).toString()))
    }).listen(this.socket)
  }

  close(): void {
    this.#server.close()
  }

  async #reply(client: Socket, asked: string): Promise<void> {
    const [program = '', ...argv] = JSON.parse(asked) as string[]
    const reply = await this.answer(program, argv).catch((error: unknown) => said(String(error), 1))
    client.end(JSON.stringify(reply))
  }

  async answer(program: string, argv: readonly string[]): Promise<Reply> {
    if (program === 'kubectl' && argv[0] === 'create') return this.#create(argv)
    const line = readCommandLine(argv)
    const [verb = '', ...words] = line.words
    const verbs = program === 'kubectl' ? this.#kubectl : this.#minikube
    const known = verbs[verb]
    if (known === undefined) throw new TypeError(`${program} ${verb}: no printed command has had it so far`)
    return known({ ...line, words })
  }

  readonly #minikube: Readonly<Record<string, (line: CommandLine) => Promise<Reply> | Reply>> = {
    image: () => said(''),
    ip: () => said(NODE_ADDRESS),
    tunnel: () => said(''),
    service: (line) => {
      const { object, address } = this.#service(line.words[0] ?? '', line)
      return said(`http://${address}:${object.spec?.ports?.[0]?.port}`)
    },
  }

  readonly #kubectl: Readonly<Record<string, (line: CommandLine) => Promise<Reply> | Reply>> = {
    apply: async ({ flags }) => {
      const folder = relative(ROOT, join(ROOT, flags['kustomize'] ?? ''))
      await this.#world.cluster.apply([...this.#configMaps, ...render(folder)], { secrets: this.#secrets })
      return said('applied')
    },
    rollout: async ({ words: [what, deployment = ''] }) => {
      const name = deployment.replace('deployment/', '')
      if (what === 'restart') await this.#world.cluster.rollingRestart(name)
      const ready = this.#world.cluster.podsOf(name).every((pod) => pod.ready)
      return said(`deployment "${name}" successfully rolled out`, ready ? 0 : 1)
    },
    scale: async ({ words, flags }) => {
      const name = words.at(-1)?.replace('deployment/', '') ?? ''
      await this.#world.cluster.scale(name, Number(flags['replicas']))
      return said(`deployment.apps/${name} scaled`)
    },
    set: async ({ words: [, deployment = '', variable = ''] }) => {
      const [name = '', value = ''] = variable.split('=')
      await this.#world.cluster.setEnv(deployment.replace('deployment/', ''), { [name]: value })
      return said(`${deployment} env updated`)
    },
    label: async ({ words: [, pod = '', label = ''] }) => {
      const [key = '', value = ''] = label.split('=')
      await this.#world.cluster.setLabels(pod, { [key]: value })
      return said(`pod/${pod} labeled`)
    },
    patch: async (line) => {
      const { object } = this.#service(line.words[1] ?? '', line)
      const { spec } = JSON.parse(line.flags['patch'] ?? '') as { spec: object }
      await this.#world.cluster.apply([{ ...object, spec: { ...object.spec, ...spec } }])
      return said(`service/${object.metadata.name} patched`)
    },
    get: (line) => this.#get(line),
    logs: async ({ words: [what = ''] }) => {
      const pod = this.#pod(what)
      const container = pod.workload.containers[0]?.name
      const { stdout } = await this.#world.podman.run('podman', 'logs', `${pod.name}-${container}`)
      return said(stdout.trimEnd())
    },
    exec: async ({ words: [what = ''], flags, rest }) => {
      const pod = this.#pod(what)
      const container = flags['container'] ?? pod.workload.containers[0]?.name
      const { code, stdout } = await this.#world.podman.run(
        'podman',
        'exec',
        `${pod.name}-${container}`,
        ...rest,
      )
      return said(stdout.trimEnd(), code)
    },
    run: async ({ flags, rest }) => {
      const image = SHORT_IMAGES[flags['image'] ?? ''] ?? ''
      const dns = dnsFlagsOf(flags['namespace'] ?? 'default')
      const { code, stdout } = await this.#world.podman.run(
        ...(['podman', 'run', '--rm', '--network', NETWORK] as const),
        ...dns,
        image,
        ...rest,
      )
      return said(stdout.trimEnd(), code)
    },
    'port-forward': (line) => this.#forward(line),
  }

  /** The real kubectl makes the object; a Secret is kept for the Pods to come. */
  async #create(argv: readonly string[]): Promise<Reply> {
    const dry = argv.some((word) => word.startsWith('--dry-run'))
    const more = dry ? [] : ['--dry-run=client', '-o', 'yaml']
    const inRepository = ['sh', '-c', `cd '${ROOT}' && exec kubectl "$@"`, 'kubectl'] as const
    const { code, stdout, stderr } = await this.#world.podman.run(...inRepository, ...argv, ...more)
    if (code !== 0 || dry) return { code, stdout: stdout + stderr }
    const { kind, metadata, data = {} } = parse(stdout) as KubeObject
    const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])
    if (kind === 'ConfigMap') this.#configMaps.push(parse(stdout) as KubeObject)
    if (kind === 'Secret')
      this.#secrets[metadata.name] = Object.fromEntries(decoded) as Record<string, string>
    return said(`${kind.toLowerCase()}/${metadata.name} created`)
  }

  #get(line: CommandLine): Reply {
    const {
      words: [kind = '', name],
      flags,
    } = line
    const { cluster } = this.#world
    if (kind === 'pods') {
      const wanted = selectorOf(flags['selector'])
      const found = cluster.pods.filter(
        ({ workload }) => Object.keys(wanted).length === 0 || selects(wanted, workload.labels),
      )
      if (found.length === 0) return said('No resources found in default namespace.')
      const lines = found.map(
        ({ name: pod, ready, workload: { containers } }) =>
          `${pod}  ${ready ? containers.length : 0}/${containers.length}  Running`,
      )
      return said(lines.join('\n'))
    }
    if (kind === 'endpointslice') {
      const service = this.#service(selectorOf(flags['selector'])['kubernetes.io/service-name'] ?? '', line)
      const found = cluster.pods.filter((pod) => isEndpoint(service, pod)).map(({ address }) => address)
      return said(found.length === 0 ? '<unset>' : found.join())
    }
    if (kind === 'service' && name === 'kube-dns')
      return said(`kube-dns  ClusterIP  ${DNS_ADDRESS}  <none>  53/UDP,53/TCP`)
    const namespace = flags['namespace'] ?? 'default'
    if (name === undefined) {
      const own = cluster.services.filter(({ object }) => namespaceOf(object) === namespace)
      return said(own.map(serviceLine).join('\n'))
    }
    const service = this.#service(name, line)
    return said(flags['output'] === undefined ? serviceLine(service) : byJsonPath(service, flags['output']))
  }

  #forward({ words: [what = '', ports = ''] }: CommandLine): Reply {
    const [from = '', to = from] = ports.split(':')
    const [kind, name = ''] = what.split('/')
    const host = kind === 'service' ? this.#world.cluster.addressOf(name) : this.#pod(what).address
    const readyFile = this.readyFile(from)
    return {
      code: 0,
      stdout: `Forwarding from 127.0.0.1:${from} -> ${to}\n`,
      forward: { from: Number(from), to: { host, port: Number(to) }, readyFile },
    }
  }

  /** The file that says that a forwarded port is open. */
  readyFile(port: string): string {
    return join(this.#folder, `forwarded-${port}`)
  }

  #pod(what: string): RunningPod {
    return this.#world.cluster.podOf(what.replace(/^(deploy|deployment|pod)\//, ''))
  }

  #service(name: string, { flags }: CommandLine): PlacedService {
    const found = this.#world.cluster.services.find(isCalled(name, flags['namespace'] ?? 'default'))
    if (found === undefined) throw new Error(`services "${name}" not found`)
    return found
  }
}

function selectorOf(text = ''): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split('=') as [string, string]),
  )
}
