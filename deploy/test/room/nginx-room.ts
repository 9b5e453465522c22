// A room where Debian's nginx runs with shipped files under /etc/nginx, and the names of a cluster.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRoom, type Resident, type Room } from '../room.ts'
import { DNS_ADDRESS, writeCluster } from './cluster.ts'
import { writeNginxFolder } from './nginx-folder.ts'

export interface NginxRoomOptions {
  /** Paths under /etc/nginx → content. */
  readonly files: Readonly<Record<string, string>>
  /** Whether the Services of the system and their DNS server are there; default true. */
  readonly services?: boolean
  /** More names of this machine. */
  readonly names?: readonly string[]
}

// What Node gives a child for standard error is a socket, which nginx cannot open by its name for the access log; a pipe it can.
const WITH_A_PIPE = 'exec "$0" "$@" 2> >(exec cat >&2)'

const isUp = (line: string): boolean => line.includes('start worker process ')

/** Starts nginx with what lies over /etc/nginx. */
export function startNginx(room: Room, nginx: string): Promise<Resident> {
  const command = [nginx, '-c', '/etc/nginx/nginx.conf', '-g', 'daemon off;']
  return room.start(isUp, 'bash', '-c', WITH_A_PIPE, ...command)
}

export async function inRoom<T>(
  mounts: Readonly<Record<string, string>>,
  use: (room: Room) => Promise<T>,
): Promise<T> {
  const room = await openRoom({ mounts })
  try {
    return await use(room)
  } finally {
    await room.close()
  }
}

/** Runs `use` beside an nginx whose document root holds a page and one asset; what it writes stands under `folder`. */
export function withNginx<T>(
  folder: string,
  nginx: string,
  { files, services = true, names = [] }: NginxRoomOptions,
  use: (room: Room, running: Resident) => Promise<T>,
): Promise<T> {
  const own = mkdtempSync(join(folder, 'nginx-'))
  writeNginxFolder(own, files)
  const page = join(own, 'html')
  mkdirSync(join(page, 'assets'), { recursive: true })
  writeFileSync(join(page, 'index.html'), '<h1>the page</h1>')
  writeFileSync(join(page, 'assets', 'app.js'), 'the code')
  const { table, hosts } = writeCluster(own, names)
  const mounts = { '/etc/nginx': own, '/etc/hosts': hosts, '/usr/share/nginx/html': page }
  return inRoom(mounts, async (room) => {
    const script = join(import.meta.dirname, 'services.ts')
    const isReady = (line: string): boolean => line === 'ready'
    if (services) await room.pods.start(isReady, process.execPath, script, table, DNS_ADDRESS)
    const running = await startNginx(room, nginx)
    return use(room, running)
  })
}

export interface NginxAnswer {
  readonly code: number
  readonly status: number
  /** Where a redirect leads, else empty. */
  readonly location: string
  readonly body: string
}

/** Runs curl in the room. */
export async function curlIn(room: Room, ...args: readonly string[]): Promise<NginxAnswer> {
  const format = '\n%{http_code} %{redirect_url}'
  const { code, stdout } = await room.run('curl', '-sS', '-m', '10', '-o', '-', '-w', format, ...args)
  const lines = stdout.split('\n')
  const [status = '', location = ''] = (lines.pop() ?? '').split(' ')
  return { code, status: Number(status), location, body: lines.join('\n') }
}
