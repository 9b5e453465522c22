// The Services of the system as a room has them: an address each, names in /etc/hosts and in a DNS server.
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import type { RoomService } from './services.ts'

const at = (last: number, name: string, port: number): RoomService => ({
  name: `default/${name}`,
  address: `10.77.0.${last}`,
  port,
})

/** Where the room's DNS server answers. */
export const DNS_ADDRESS = '10.77.0.53'

export const SERVICES: readonly RoomService[] = [
  at(1, 'users-service', 8080),
  at(2, 'tasks-service', 8000),
  at(3, 'frontend-service', 80),
  at(4, 'auth', 80),
  at(5, 'hello', 80),
  at(6, 'proxy-app-service', 3000),
  at(7, 'default-http-backend', 80),
]

/** Writes `services.json` for room/services.ts and `hosts` for /etc/hosts into `folder`. */
export function writeCluster(
  folder: string,
  names: readonly string[] = [],
): { readonly table: string; readonly hosts: string } {
  const table = join(folder, 'services.json')
  const hosts = join(folder, 'hosts')
  writeFileSync(table, JSON.stringify(SERVICES))
  const lines = [
    `127.0.0.1 localhost ${names.join(' ')}`.trim(),
    `${DNS_ADDRESS} kube-dns.kube-system.svc.cluster.local`,
    // NAME.NAMESPACE, as the search list of a cluster's Pod makes it work
    ...SERVICES.map(({ name, address }) => `${address} ${name.split('/').reverse().join('.')}`),
  ]
  writeFileSync(hosts, `${lines.join('\n')}\n`)
  return { table, hosts }
}
