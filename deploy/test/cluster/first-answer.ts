// Asks the gateway for a host that it does not know yet, every few milliseconds, until it serves it.
// usage: node first-answer.ts ADDRESS PORT HOST     prints `unknown` after the first refusal, then the time of the first 200 (ms)
import { Agent, request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'

const [address = '', port = '', host = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
const EVERY_MS = 10
const GIVE_UP_MS = 30_000

function ask(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: address, port: Number(port), servername: host, headers: { host }, agent },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode))
      },
    )
    asked.once('error', reject).end()
  })
}

const started = Date.now()
let told = false
while ((await ask()) !== 200) {
  if (!told) console.log('unknown')
  told = true
  if (Date.now() - started > GIVE_UP_MS) throw new Error(`${host} is not served after ${GIVE_UP_MS} ms`)
  await pause(EVERY_MS)
}
console.log(Date.now())
process.exit(0)
