// podman in a room of its own: its bridges, its rules of iptables and its mounts are seen by nobody else and go with it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPartNamed } from '../../../tools/e2e/parts.ts'
import { patientPodman } from './patient-podman.ts'
import { noRoom, openRoom, type Outcome, type Room } from '../room.ts'

export interface Podman {
  readonly room: Room
  /** For files that belong to this run. */
  readonly folder: string
  /** Runs podman to its end; throws what it says when it fails, for good (patient-podman.ts). */
  podman(...args: readonly string[]): Promise<string>
  /** The same for what makes something, with the commands that remove it: what is half made is in the way of another try. */
  make(args: readonly string[], remove: readonly (readonly string[])[]): Promise<string>
  /** Runs a container to its end and removes it: flags of `podman run`, image, arguments. */
  once(...args: readonly string[]): Promise<Outcome>
  /** Runs any program in podman's room, with its environment. */
  run(program: string, ...args: readonly string[]): Promise<Outcome>
  close(): Promise<void>
}

const PARTS = ['podman', 'debootstrap', 'curl', 'ip', 'openssl']
const absent = PARTS.filter((part) => findPartNamed(part) === undefined)

/** Why containers cannot be run here, or undefined when they can. */
export const noContainers: string | undefined =
  absent.length > 0
    ? `${absent.join(', ')} missing`
    : (noRoom ?? (iptables() ? undefined : 'iptables does not work'))

function iptables(): boolean {
  return spawnSync('unshare', ['-n', 'iptables', '-t', 'nat', '-L']).status === 0
}

// What podman keeps for the whole machine, hidden under empty folders: another podman's locks and networks are not ours.
const MACHINE_WIDE = ['/run/libpod', '/run/containers', '/run/netns', '/dev/shm', '/etc/containers/networks']
const PREPARE = [
  // Where cgroups are mounted in both versions at once, crun refuses; without the second it takes the first.
  'umount /sys/fs/cgroup/unified 2>/dev/null || true',
  // A bridge takes the lowest address of its members for its own: a Pod that comes or goes changes it, and every other Pod
  // sends to nobody until it asks again, half a minute later. With this the node tells them.
  'echo 1 > /proc/sys/net/ipv4/conf/all/arp_notify',
  ...MACHINE_WIDE.map((path) => `mkdir -p ${path} && mount -t tmpfs tmpfs ${path}`),
]

const CONTAINERS_CONF = `[containers]
default_ulimits = ["nofile=4096:4096","nproc=4096:4096"]
# As Docker and containerd 2 have it, and as the Pods ask for it.
default_sysctls = ["net.ipv4.ip_unprivileged_port_start=0"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`

/**
 * Images and containers live in a folder of their own. E2E_CONTAINERS_FOLDER names one that is kept for the next run,
 * whose builds then start from its cache; otherwise everything is removed at the end.
 */
export async function openPodman(): Promise<Podman> {
  const kept = process.env['E2E_CONTAINERS_FOLDER']
  const store = kept ?? mkdtempSync(join(tmpdir(), 'postern-containers-'))
  const folder = mkdtempSync(join(tmpdir(), 'postern-cluster-'))
  const release = claim(store)
  writeSettings(folder, store)
  const room = await openRoom({ mounts: {}, prepare: PREPARE })
  const environment = [
    `CONTAINERS_CONF=${folder}/containers.conf`,
    `CONTAINERS_STORAGE_CONF=${folder}/storage.conf`,
  ]
  const run = (program: string, ...args: readonly string[]): Promise<Outcome> =>
    room.run('env', ...environment, program, ...args)
  return {
    room,
    folder,
    ...patientPodman(run),
    run,
    close: async () => {
      await run('podman', 'stop', '--all', '--time', '0')
      await run('podman', 'pod', 'rm', '--all', '--force')
      await run('podman', 'rm', '--all', '--force', '--time', '0')
      await run('podman', 'volume', 'prune', '--force')
      await run('podman', 'network', 'prune', '--force')
      await run('sh', '-c', `umount ${store}/graph/overlay 2>/dev/null; true`)
      await room.close()
      rmSync(folder, { recursive: true, force: true })
      release()
      if (kept === undefined)
        rmSync(store, { recursive: true, force: true, maxRetries: 5, retryDelay: 1_000 })
    },
  }
}

function writeSettings(folder: string, store: string): void {
  writeFileSync(join(folder, 'containers.conf'), CONTAINERS_CONF)
  const places = [`graphroot = "${store}/graph"`, `runroot = "${store}/run"`]
  writeFileSync(join(folder, 'storage.conf'), ['[storage]', 'driver = "overlay"', ...places, ''].join('\n'))
}

/** Two runs in one folder would remove each other's containers. @returns what gives the folder back. */
function claim(store: string): () => void {
  mkdirSync(store, { recursive: true })
  const file = join(store, 'in-use-by')
  const other = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined
  if (other !== undefined && existsSync(`/proc/${other}`))
    throw new Error(
      `${store} is in use by process ${other}: wait for it, or name another E2E_CONTAINERS_FOLDER`,
    )
  writeFileSync(file, String(process.pid))
  return () => rmSync(file)
}
