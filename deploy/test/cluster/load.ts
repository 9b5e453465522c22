// A steady stream of requests through the gateway, inside the room, until a file appears or the time is up.
// usage: node load.ts ADDRESS PER_SECOND STOP_FILE     prints {sent, failed, examples, seconds}
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'

const [address = '', perSecond = '0', stopFile = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false })
const LOGIN = JSON.stringify({ email: 'test@test.com', password: 'testers' })
const examples: string[] = []
let failed = 0
let sent = 0

/** Mostly the page and the list; one request in a hundred logs in, which costs a hash. */
function next(number: number): { readonly method: string; readonly path: string; readonly body?: string } {
  if (number % 100 === 0) return { method: 'POST', path: '/api/login', body: LOGIN }
  return number % 2 === 0 ? { method: 'GET', path: '/' } : { method: 'GET', path: '/api/tasks' }
}

function ask(number: number): Promise<void> {
  const { method, path, body } = next(number)
  const asked = performance.now()
  return new Promise((resolve) => {
    const tell = (what: string): void => {
      failed += 1
      const second = ((asked - started) / 1000).toFixed(1)
      if (examples.length < 10) examples.push(`second ${second}: ${method} ${path}: ${what}`)
      resolve()
    }
    const headers = {
      host: 'demo.postern.test',
      authorization: 'Bearer abc',
      'content-type': 'application/json',
    }
    const exchange = request(
      {
        host: address,
        port: 443,
        servername: 'demo.postern.test',
        method,
        path,
        headers,
        agent,
        timeout: 20_000,
      },
      (response) => {
        let body = ''
        response.on('data', (piece: Buffer) => (body += piece.toString()))
        response.once('end', () =>
          response.statusCode === 200
            ? resolve()
            : tell(`status ${response.statusCode} ${body.slice(0, 200)}`),
        )
        response.once('error', (error) => tell(error.message))
      },
    )
    exchange.once('timeout', () => exchange.destroy(new Error('no answer within 20 s')))
    exchange.once('error', (error) => tell(error.message))
    exchange.end(body)
  })
}

// Whoever was to write the file may be gone.
const MOST_MS = 300_000

const started = performance.now()
const open = new Set<Promise<void>>()
while (!existsSync(stopFile) && performance.now() - started < MOST_MS) {
  const due = Math.floor(((performance.now() - started) / 1000) * Number(perSecond))
  while (sent < due) {
    sent += 1
    const one: Promise<void> = ask(sent).finally(() => open.delete(one))
    open.add(one)
  }
  await pause(5)
}
await Promise.all(open)
console.log(
  JSON.stringify({ sent, failed, examples, seconds: Math.round((performance.now() - started) / 1000) }),
)
process.exit(0)
