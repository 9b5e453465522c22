// Where everything listens: fixed ports for what people type, free ones for what only the gateway calls.
import { createServer, type Server } from 'node:net'

export interface Address {
  readonly host: string
  readonly port: number
}

/** The ports that documents and commands name. */
export interface FixedPorts {
  readonly https: number
  readonly http: number
  readonly admin: number
  readonly users: number
  readonly tasks: number
  readonly monolith: number
  readonly monolithHealth: number
}

const FIXED: FixedPorts = {
  https: 8443,
  http: 8088,
  admin: 10254,
  users: 8080,
  tasks: 8000,
  monolith: 10080,
  monolithHealth: 10081,
}

export const LOOPBACK = '127.0.0.1'

export const authority = ({ host, port }: Address): string => `${host}:${port}`

export function fixedPorts(offset: number): FixedPorts {
  const moved = Object.entries(FIXED).map(([name, port]) => [name, port + offset])
  return Object.fromEntries(moved) as FixedPorts
}

/** The fixed ports that something else holds, each with the reason the system gives. */
export async function takenPorts(ports: FixedPorts): Promise<readonly string[]> {
  const taken: string[] = []
  for (const [name, port] of Object.entries(ports) as [string, number][]) {
    try {
      await close(await listen({ host: LOOPBACK, port }))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      taken.push(`port ${port} (${name}) ${code === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${code}`}`)
    }
  }
  return taken
}

/**
 * One free address per wanted host, distinct because all are held until the last is found.
 * What starts on them later may still lose the race to a stranger; it then reports the port itself.
 */
export async function freeAddresses(hosts: readonly string[]): Promise<readonly Address[]> {
  const servers = await Promise.all(hosts.map((host) => listen({ host, port: 0 })))
  const found = servers.map((server, at) => {
    const address = server.address()
    return { host: hosts[at] ?? LOOPBACK, port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
  })
  await Promise.all(servers.map(close))
  return found
}

/** Linux answers on all of 127.0.0.0/8, macOS on 127.0.0.1 alone unless someone adds aliases. */
export async function hasManyLoopbackAddresses(): Promise<boolean> {
  try {
    await close(await listen({ host: '127.10.0.1', port: 0 }))
    return true
  } catch {
    return false
  }
}

function listen(address: Address): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ ...address, exclusive: true }, () => resolve(server))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
