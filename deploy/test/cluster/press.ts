// Asks one address many times, inside the room.
// usage: node press.ts '{"url":…,"method":…,"headers":{…},"body":…,"times":400,"atOnce":16}'     prints how often each status came
import { request } from 'node:http'

/** What is sent, how often, and by how many connections at a time. */
export interface Press {
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly times: number
  readonly atOnce: number
}

const ANSWER_WITHIN_MS = 30_000

const { url, method = 'GET', headers = {}, body, times, atOnce } = JSON.parse(process.argv[2] ?? '') as Press
const seen: Record<string, number> = {}
let left = times

function ask(): Promise<string> {
  return new Promise((resolve) => {
    const asked = request(url, { method, headers, timeout: ANSWER_WITHIN_MS }, (response) => {
      response.resume().once('end', () => resolve(String(response.statusCode)))
    })
    asked.once('timeout', () => asked.destroy(new Error('no answer in time')))
    asked.once('error', ({ message }) => resolve(message))
    asked.end(body)
  })
}

async function askWhileAnyIsLeft(): Promise<void> {
  while (left-- > 0) {
    const status = await ask()
    seen[status] = (seen[status] ?? 0) + 1
  }
}

await Promise.all(Array.from({ length: atOnce }, askWhileAnyIsLeft))
console.log(JSON.stringify(seen))
process.exit(0)
