// The cluster's DNS server, in the room. It reads its table again for every question: Services come and Pods go.
// usage: node dns-server.ts TABLE.json ADDRESS     prints `ready`
import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { answerTo } from '../room/dns-answer.ts'

const [table = '', address = ''] = process.argv.slice(2)
const names = () =>
  new Map(Object.entries(JSON.parse(readFileSync(table, 'utf8')) as Record<string, readonly string[]>))

const server = createSocket('udp4')
server.on('message', (query, peer) => server.send(answerTo(query, names()), peer.port, peer.address))
await new Promise<void>((resolve) => server.bind(53, address, resolve))
console.log('ready')
