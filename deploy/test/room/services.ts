// Inside a room: the Services of the system. Each answers on an address of its own and on its own port, and says which
// Service it is and what arrived; a DNS server knows their names, as a cluster's does.
// usage: node services.ts TABLE.json [DNS_ADDRESS]     prints `ready`
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/** One Service: `default/users-service`, its address and port. */
export interface RoomService {
  readonly name: string
  readonly address: string
  readonly port: number
}

const TYPE_A = 1

const [table = '', dnsAddress] = process.argv.slice(2)
const services = JSON.parse(readFileSync(table, 'utf8')) as readonly RoomService[]
const addresses = new Map(
  services.map(({ name, address }) => {
    const [namespace = '', service = ''] = name.split('/')
    return [`${service}.${namespace}.svc.cluster.local`, address]
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
  dns.on('message', (query, peer) => dns.send(answerTo(query), peer.port, peer.address))
  await new Promise<void>((resolve) => dns.bind(53, dnsAddress, resolve))
}
console.log('ready')

/** RFC 1035 §4.1: the question back, and one A record or the code for "no such name". */
function answerTo(query: Buffer): Buffer {
  const { name, end } = readName(query, 12)
  const address = query.readUInt16BE(end) === TYPE_A ? addresses.get(name.toLowerCase()) : undefined
  const head = Buffer.from(query.subarray(0, end + 4))
  const noSuchName = addresses.has(name.toLowerCase()) ? 0 : 3
  head.writeUInt16BE(0x8180 | noSuchName, 2)
  head.writeUInt16BE(address === undefined ? 0 : 1, 6)
  head.writeUInt32BE(0, 8)
  if (address === undefined) return head
  const record = Buffer.from([0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)])
  return Buffer.concat([head, record])
}

function readName(query: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = start
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 1 }
}
