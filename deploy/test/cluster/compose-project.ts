// A compose file run service by service, as `docker compose up` would: one network, names, ports, hardening, health checks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parse } from 'yaml'
import { ROOT } from '../read-manifests.ts'
import { curl, type World } from './world.ts'

interface ComposeService {
  readonly image: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly read_only?: boolean
  readonly tmpfs?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly sysctls?: Readonly<Record<string, string>>
  readonly healthcheck?: { readonly test: readonly string[] }
}

/** Services by name. */
export type Compose = Readonly<Record<string, ComposeService>>

const SUBNET = '10.79.0'
const READY_WITHIN_MS = 150_000

export function readCompose(file: string): Compose {
  return (parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true }) as { services: Compose }).services
}

/** Runs `use` while every service runs and is ready; leaves neither container nor network. */
export async function withCompose(world: World, services: Compose, use: () => Promise<void>): Promise<void> {
  const { podman } = world
  await podman.podman('network', 'create', 'compose', '--subnet', `${SUBNET}.0/24`, '--disable-dns')
  const names = Object.keys(services)
  const addresses = new Map(names.map((name, at) => [name, `${SUBNET}.${10 + at}`]))
  try {
    for (const [name, service] of Object.entries(services)) {
      const hardening = [...hardeningOf(service), ...(await tmpfsOf(world, service))]
      const args = [...runArgs(name, service, addresses), ...hardening, service.image]
      await podman.make(['run', '--detach', ...args], [remove(name)])
    }
    for (const [name, service] of Object.entries(services))
      await untilHealthy(world, name, service, addresses.get(name) ?? '')
    await use()
  } catch (error) {
    for (const name of names) console.warn((await podman.run('podman', 'logs', `compose-${name}`)).stdout)
    throw error
  } finally {
    await podman.podman(...remove(...names))
    await podman.podman('network', 'rm', 'compose')
  }
}

const remove = (...names: readonly string[]): readonly string[] => [
  ...['rm', '--force', '--ignore', '--time', '0'],
  ...names.map((name) => `compose-${name}`),
]

function runArgs(
  name: string,
  service: ComposeService,
  addresses: ReadonlyMap<string, string>,
): readonly string[] {
  const { environment = {}, ports = [] } = service
  return [
    ...['--name', `compose-${name}`, '--network', 'compose', '--ip', addresses.get(name) ?? ''],
    ...[...addresses].flatMap(([other, address]) => ['--add-host', `${other}:${address}`]),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...ports.flatMap((port) => ['--publish', port]),
  ]
}

function hardeningOf(service: ComposeService): readonly string[] {
  const { read_only: readOnly, cap_drop: drop = [], security_opt: options = [], sysctls = {} } = service
  return [
    // Without the folders that podman, and not Docker, leaves open in a read-only root.
    ...(readOnly === true ? ['--read-only', '--read-only-tmpfs=false'] : []),
    ...drop.flatMap((capability) => ['--cap-drop', capability]),
    ...options.flatMap((option) => ['--security-opt', option.replace(':', '=')]),
    ...Object.entries(sysctls).flatMap(([key, value]) => ['--sysctl', `${key}=${value}`]),
  ]
}

/**
 * As Docker mounts it: an empty folder of root's with the mode that the image's folder has. podman opens every tmpfs to
 * everybody, so that an image in which only its user may write would pass here and fail there.
 */
async function tmpfsOf({ podman }: World, { image, tmpfs = [] }: ComposeService): Promise<readonly string[]> {
  const mode = 'process.argv.slice(1).map((path) => fs.statSync(path).mode.toString(8).slice(-4))'
  const tell = `console.log(JSON.stringify(${mode}))`
  const { stdout } = await podman.once('--entrypoint', '/usr/local/bin/node', image, '-e', tell, ...tmpfs)
  const modes = JSON.parse(stdout) as readonly string[]
  return tmpfs.flatMap((path, at) => ['--tmpfs', `${path}:mode=${modes[at]},notmpcopyup`])
}

/** By its own health check, run in the container as Docker does it; by its health port where the file has none. */
async function untilHealthy(
  world: World,
  name: string,
  { healthcheck }: ComposeService,
  address: string,
): Promise<void> {
  const [, ...command] = healthcheck?.test ?? []
  const isHealthy = async (): Promise<boolean> =>
    command.length === 0
      ? (await curl(world, `http://${address}:81/readiness`)).status === 200
      : (await world.podman.run('podman', 'exec', `compose-${name}`, ...command)).code === 0
  const deadline = Date.now() + READY_WITHIN_MS
  while (!(await isHealthy())) {
    if (Date.now() > deadline) throw new Error(`${name} is not healthy after ${READY_WITHIN_MS} ms`)
    await pause(100)
  }
}
