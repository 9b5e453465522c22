// The real parts that the end-to-end tests use, and where they are on this machine.
import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Part {
  readonly name: string
  /** The Debian package that brings it. */
  readonly debian: string
  readonly program: string
  /** Folders outside PATH where Debian puts it; may hold `*`. */
  readonly folders?: readonly string[]
}

export const PARTS: readonly Part[] = [
  { name: 'nginx', debian: 'nginx', program: 'nginx', folders: ['/usr/sbin'] },
  { name: 'PostgreSQL', debian: 'postgresql', program: 'initdb', folders: ['/usr/lib/postgresql/*/bin'] },
  { name: 'Redis', debian: 'redis-server', program: 'redis-server' },
  { name: 'Chromium', debian: 'chromium', program: 'chromium' },
  { name: 'certutil', debian: 'libnss3-tools', program: 'certutil' },
  { name: 'podman', debian: 'podman', program: 'podman' },
  { name: 'debootstrap', debian: 'debootstrap', program: 'debootstrap', folders: ['/usr/sbin'] },
  { name: 'strace', debian: 'strace', program: 'strace' },
  { name: 'unshare', debian: 'util-linux', program: 'unshare' },
  { name: 'ip', debian: 'iproute2', program: 'ip', folders: ['/usr/sbin', '/sbin'] },
  { name: 'make', debian: 'make', program: 'make' },
  { name: 'openssl', debian: 'openssl', program: 'openssl' },
  { name: 'curl', debian: 'curl', program: 'curl' },
  { name: 'HAProxy', debian: 'haproxy', program: 'haproxy', folders: ['/usr/sbin'] },
  { name: 'wrk', debian: 'wrk', program: 'wrk' },
  { name: 'h2load', debian: 'nghttp2-client', program: 'h2load' },
]

/** Full path of the part's program, or undefined when it is not installed. */
export function findPart(part: Part, path = process.env['PATH'] ?? ''): string | undefined {
  const folders = [...path.split(delimiter), ...(part.folders ?? [])]
  for (const folder of folders.filter((one) => one !== ''))
    for (const file of globSync(join(folder, part.program))) if (isProgram(file)) return file
  return undefined
}

/** As findPart, by name; a name that is not in the list is a mistake of the caller. */
export function findPartNamed(name: string): string | undefined {
  const part = PARTS.find((one) => one.name === name)
  if (part === undefined)
    throw new RangeError(`unknown part '${name}', expected ${PARTS.map((one) => one.name).join(', ')}`)
  return findPart(part)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
