// A steady stream of requests through the gateway, inside the room, until a file appears or the time is up.
// usage: node load.ts ADDRESS PER_SECOND STOP_FILE [safe]     prints {sent, failed, repeated, examples, seconds}
// With `safe` only what may be repeated is sent, and repeated when a kept connection was closed under it, as every browser does
// (RFC 9112 §9.3.1): whoever closes an idle connection cannot know that a request is on its way.
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'

const [address = '', perSecond = '0', stopFile = '', safe] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false })
const HOST = 'demo.postern.test'
const HEADERS = { host: HOST, authorization: 'Bearer abc', 'content-type': 'application/json' }
const LOGIN = JSON.stringify({ email: 'test@test.com', password: 'testers' })
const examples: string[] = []
let failed = 0
let sent = 0
let repeated = 0

interface Asked {
  readonly method: string
  readonly path: string
  readonly body?: string
}

/** Mostly the page and the list; one request in a hundred logs in, which costs a hash. */
function next(number: number): Asked {
  if (number % 100 === 0 && safe === undefined) return { method: 'POST', path: '/api/login', body: LOGIN }
  return number % 2 === 0 ? { method: 'GET', path: '/' } : { method: 'GET', path: '/api/tasks' }
}

async function ask(number: number): Promise<void> {
  const what = next(number)
  const second = ((performance.now() - started) / 1000).toFixed(1)
  const wrong = await answerTo(what)
  if (wrong === undefined) return
  failed += 1
  if (examples.length < 10) examples.push(`second ${second}: ${what.method} ${what.path}: ${wrong}`)
}

/** @returns what is wrong with the answer, or undefined. */
function answerTo(what: Asked): Promise<string | undefined> {
  const { method, path, body } = what
  const options = { host: address, port: 443, servername: HOST, method, path, headers: HEADERS, agent }
  return new Promise((resolve) => {
    const exchange = request({ ...options, timeout: 20_000 }, (response) => {
      let text = ''
      response.on('data', (piece: Buffer) => (text += piece.toString()))
      response.once('end', () =>
        resolve(
          response.statusCode === 200 ? undefined : `status ${response.statusCode} ${text.slice(0, 200)}`,
        ),
      )
      response.once('error', (error) => resolve(error.message))
    })
    exchange.once('timeout', () => exchange.destroy(new Error('no answer within 20 s')))
    exchange.once('error', (error) => {
      if (safe === undefined || !exchange.reusedSocket) return resolve(error.message)
      repeated += 1
      resolve(answerTo(what))
    })
    exchange.end(body)
  })
}

// Whoever was to write the file may be gone.
const MOST_MS = 480_000

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
  JSON.stringify({
    sent,
    failed,
    repeated,
    examples,
    seconds: Math.round((performance.now() - started) / 1000),
  }),
)
process.exit(0)
