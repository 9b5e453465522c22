// A compose file run service by service, as `docker compose up` would: one network, names, ports, hardening.
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
    for (const [name, service] of Object.entries(services))
      await podman.make(['run', '--detach', ...runArgs(name, service, addresses)], [remove(name)])
    for (const address of addresses.values()) await untilReady(world, address)
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
  const { environment = {}, ports = [], read_only: readOnly, tmpfs = [], cap_drop: drop = [] } = service
  return [
    ...['--name', `compose-${name}`, '--network', 'compose', '--ip', addresses.get(name) ?? ''],
    ...[...addresses].flatMap(([other, address]) => ['--add-host', `${other}:${address}`]),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...ports.flatMap((port) => ['--publish', port]),
    ...(readOnly === true ? ['--read-only'] : []),
    ...tmpfs.flatMap((path) => ['--tmpfs', path]),
    ...drop.flatMap((capability) => ['--cap-drop', capability]),
    service.image,
  ]
}

async function untilReady(world: World, address: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while ((await curl(world, `http://${address}:81/readiness`)).status !== 200) {
    if (Date.now() > deadline) throw new Error(`${address} is not ready after ${READY_WITHIN_MS} ms`)
    await pause(100)
  }
}
