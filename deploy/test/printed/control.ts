// What answers the stand-ins of kubectl and minikube: a socket in the folder of the run.
import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { NODE_ADDRESS } from '../cluster/cluster.ts'
import type { World } from '../cluster/world.ts'
import { readCommandLine } from './command-line.ts'
import { kubectlVerbs } from './kubectl.ts'
import { Created } from './kubectl-create.ts'
import { IngressAddon } from './ingress-addon.ts'
import type { Reply } from './stand-in.ts'
import { said, serviceNamed, type Verb } from './targets.ts'

export class Control {
  readonly socket: string
  readonly #world: World
  readonly #folder: string
  readonly #server: Server
  readonly #created = new Created()
  readonly #programs: Readonly<Record<string, Readonly<Record<string, Verb>>>>

  constructor(world: World) {
    this.#world = world
    this.#folder = join(world.podman.folder, 'printed')
    rmSync(this.#folder, { recursive: true, force: true })
    mkdirSync(this.#folder)
    const addon = new IngressAddon()
    this.#programs = {
      kubectl: kubectlVerbs(world, {
        created: this.#created,
        addon,
        readyFile: (port) => this.readyFile(port),
      }),
      minikube: minikubeVerbs(world, addon),
    }
    this.socket = join(this.#folder, 'socket')
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const pieces: Buffer[] = []
      client.on('data', (piece: Buffer) => pieces.push(piece))
      client.once('end', () => void this.#reply(client, Buffer.concat(pieces).toString()))
    }).listen(this.socket)
  }

  /** The file that says that a forwarded port is open. */
  readyFile(port: string): string {
    return join(this.#folder, `forwarded-${port}`)
  }

  close(): void {
    this.#server.close()
  }

  async #reply(client: Socket, asked: string): Promise<void> {
    const [program = '', ...argv] = JSON.parse(asked) as string[]
    const reply = await this.#answer(program, argv).catch((error: unknown) => said(String(error), 1))
    client.end(JSON.stringify(reply))
  }

  async #answer(program: string, argv: readonly string[]): Promise<Reply> {
    if (program === 'kubectl' && argv[0] === 'create') return this.#created.create(this.#world, argv)
    const line = readCommandLine(argv)
    const [verb = '', ...words] = line.words
    const known = this.#programs[program]?.[verb]
    if (known === undefined) throw new TypeError(`${program} ${verb}: no printed command has had it so far`)
    return known({ ...line, words })
  }
}

function minikubeVerbs(world: World, addon: IngressAddon): Readonly<Record<string, Verb>> {
  return {
    start: () => said(''),
    addons: ({ words: [what, name] }) => {
      if (what !== 'enable' || name !== 'ingress') return said(`no addon ${name} here`, 1)
      addon.enable()
      return said(`The 'ingress' addon is enabled`)
    },
    // The node has podman's own images: what is loaded must have been built.
    image: async ({ words: [, image = ''] }) => {
      const { code } = await world.podman.run('podman', 'image', 'exists', image)
      return said(code === 0 ? '' : `${image} was not built`, code)
    },
    ip: () => said(NODE_ADDRESS),
    tunnel: () => said(''),
    service: (line) => {
      const { object, address } = serviceNamed(world, line.words[0] ?? '', line)
      return said(`http://${address}:${object.spec?.ports?.[0]?.port}`)
    },
  }
}
