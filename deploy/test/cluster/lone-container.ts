// One container by itself, as narrow as a Pod would hold it.
import type { Podman } from './podman.ts'
import type { Start } from './image-starts.ts'

export interface LoneContainer {
  readonly address: string
  /** Of the container's own memory, MiB: now without files, and the most so far with files. */
  memory(): Promise<{ readonly own: number; readonly most: number }>
  /** @returns what podman knows of its state. */
  state(): Promise<{ readonly OOMKilled: boolean; readonly Running: boolean; readonly ExitCode: number }>
  /** What it wrote last. */
  log(): Promise<string>
  /** SIGTERM, or what the image asks for instead. */
  stop(): Promise<void>
  remove(): Promise<void>
}

const CPUS = '0.2'
const HARDENED = [
  '--read-only',
  '--read-only-tmpfs=false', // a kubelet opens no folders in it, podman would
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
  '--tmpfs',
  '/tmp',
]

export async function runAlone(
  on: Podman,
  image: string,
  { env = [], args = [], folders = {}, writable = [] }: Start,
  memoryMiB: number,
): Promise<LoneContainer> {
  const name = `alone-${image.replace(/[^a-z0-9]/g, '-')}`
  const limits = ['--cpus', CPUS, '--memory', `${memoryMiB}m`, '--memory-swap', `${memoryMiB}m`]
  const options = [
    ...writable.flatMap((path) => ['--tmpfs', path]),
    ...env.flatMap((one) => ['--env', one]),
    ...Object.entries(folders).flatMap(([from, to]) => ['--volume', `${from}:${to}:ro`]),
  ]
  const remove = ['rm', '--force', '--ignore', '--time', '0', name]
  const run = ['run', '--detach', '--name', name, ...HARDENED, ...limits, ...options, image, ...args]
  await on.make(run, [remove])
  const inspect = (format: string) => on.podman('inspect', '--format', format, name)
  return {
    address: await inspect('{{.NetworkSettings.IPAddress}}'),
    memory: async () => memoryOf(on, await inspect('{{.State.Pid}}')),
    state: async () =>
      JSON.parse(await inspect('{{json .State}}')) as Awaited<ReturnType<LoneContainer['state']>>,
    log: async () => {
      const { stdout, stderr } = await on.run('podman', 'logs', '--tail', '20', name)
      return `${stdout}\n${stderr}`
    },
    stop: async () => void (await on.podman('stop', '--time', '20', name)),
    remove: async () => void (await on.podman(...remove)),
  }
}

/** Memory of the control group of a process, by version 1 or version 2 of the kernel's interface. */
export async function memoryOf(
  on: Podman,
  pid: string,
): Promise<{ readonly own: number; readonly most: number }> {
  const script = `
    old=$(sed -n 's/^[0-9]*:memory://p' /proc/${pid}/cgroup); new=$(sed -n 's/^0:://p' /proc/${pid}/cgroup)
    if [ -n "$old" ]; then cd /sys/fs/cgroup/memory$old; sed -n 's/^total_rss //p' memory.stat; cat memory.max_usage_in_bytes
    else cd /sys/fs/cgroup$new; sed -n 's/^anon //p' memory.stat; cat memory.peak; fi`
  const { code, stdout, stderr } = await on.run('sh', '-ec', script)
  if (code !== 0) throw new Error(stderr)
  const [own = 0, most = 0] = stdout
    .trim()
    .split('\n')
    .map((bytes) => Math.round(Number(bytes) / 2 ** 20))
  return { own, most }
}
