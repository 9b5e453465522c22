// Inside a room: the Services of the system. Each answers on an address of its own and on its own port, and says which
// Service it is and what arrived; a DNS server knows their names, as a cluster's does.
// usage: node services.ts TABLE.json [DNS_ADDRESS]     prints `ready`
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { answerTo } from './dns-answer.ts'

/** One Service: `default/users-service`, its address and port. */
export interface RoomService {
  readonly name: string
  readonly address: string
  readonly port: number
}

const [table = '', dnsAddress] = process.argv.slice(2)
const services = JSON.parse(readFileSync(table, 'utf8')) as readonly RoomService[]
const names = new Map(
  services.map(({ name, address }) => {
    const [namespace = '', service = ''] = name.split('/')
    return [`${service}.${namespace}.svc.cluster.local`, [address]]
  }),
)

for (const { name, address, port } of services) {
  const server = createServer((request, response) => {
    const seen = {
      service: `${name}:${port}`,
      path: request.url,
      method: request.method,
      headers: request.headers,
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(seen))
  })
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
}

if (dnsAddress !== undefined) {
  const dns = createSocket('udp4')
  dns.on('message', (query, peer) => dns.send(answerTo(query, names), peer.port, peer.address))
  await new Promise<void>((resolve) => dns.bind(53, dnsAddress, resolve))
}
console.log('ready')
