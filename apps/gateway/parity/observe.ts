import type { Check, Deviation, Observation } from './case.ts'
import type { Ask, Exchanged, Side } from './room/side.ts'

/** A request that both gateways get. `gives` is nginx's answer: status, Location, then who saw which target. */
export function ask(request: Ask, gives: string, differs?: Deviation): Check {
  const { method = 'GET', tls = false, host, target, headers = {} } = request
  const named = Object.entries(headers).map(([key, value]) => `${key}: ${value.slice(0, 40)}`)
  return {
    name: [method, `${tls ? 'https' : 'http'}://${host}${target}`, ...named].join(' '),
    gives,
    differs: differs?.lines ?? [],
    ...(differs && { because: differs.because }),
    play: async (side) => observe(await side.send(request), side),
  }
}

/** A plain GET. */
export function get(host: string, target: string, gives: string, differs?: Deviation): Check {
  return ask({ host, target }, gives, differs)
}

/** For `gives`: whatever nginx does, because nobody wrote these requests down. */
export const AS_NGINX = 'whatever nginx does'

/** Anything that takes more than one request; what `play` returns is compared. */
export function scene(
  name: string,
  gives: string,
  play: (side: Side) => Promise<string>,
  differs?: Deviation,
): Check {
  return {
    name,
    gives,
    differs: differs?.lines ?? [],
    ...(differs && { because: differs.because }),
    play: async (side) => ({ summary: await play(side), details: [] }),
  }
}

// Framing belongs to a connection, not to the message; dates and bodies of error pages are each server's own.
const NOT_COMPARED = new Set([
  'date',
  'server',
  'content-length',
  'content-type',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'location',
  'x-padding',
])
const NOT_SEEN = new Set(['content-length', 'transfer-encoding', 'answer-headers', 'te'])

/** Turns what was seen into lines that can be compared: ports and made-up ids become words. */
export function observe({ response, seen }: Exchanged, side: Side): Observation {
  const line = (text: string): string => withoutNumbers(text, side)
  const location = response.values('location').map((value) => ` ${line(value)}`)
  const targets = seen.map(({ service, target }) => ` ${service} ${target}`)
  const details = [
    ...response.headers
      .filter(([name]) => !NOT_COMPARED.has(name.toLowerCase()))
      .map(([name, value]) => `answer ${name.toLowerCase()}: ${line(value)}`),
    ...seen.flatMap(({ service, method, headers, body }) => [
      `${service} method ${method}`,
      ...(body === '' ? [] : [`${service} body ${body.slice(0, 100)}`]),
      ...headers
        .filter(([name, value]) => !NOT_SEEN.has(name) && !isDefaultConnection(name, value))
        .map(([name, value]) => `${service} ${name}: ${line(inOneCase(name, value))}`),
    ]),
  ]
  return {
    summary: `${String(response.status)}${location.join('')}${targets.join('')}`,
    details: details.sort(),
  }
}

// RFC 9112 §9.3: a connection persists unless it says otherwise, so keep-alive says nothing.
function isDefaultConnection(name: string, value: string): boolean {
  return name === 'connection' && value.toLowerCase() !== 'upgrade'
}

// RFC 9110 §7.6.1: connection options are compared without regard to case.
function inOneCase(name: string, value: string): string {
  return name === 'connection' ? value.toLowerCase() : value
}

function withoutNumbers(text: string, { http, https }: Side): string {
  return text
    .replace(new RegExp(`\\b${String(http)}\\b`, 'g'), '<http>')
    .replace(new RegExp(`\\b${String(https)}\\b`, 'g'), '<https>')
    .replace(/\b[0-9a-f]{32}\b/g, '<id>')
}

/** Lines that only one side has. */
export function difference(nginx: Observation, postern: Observation): readonly string[] {
  const left = new Set([nginx.summary, ...nginx.details])
  const right = new Set([postern.summary, ...postern.details])
  return [
    ...[...left].filter((line) => !right.has(line)).map((line) => `- ${line}`),
    ...[...right].filter((line) => !left.has(line)).map((line) => `+ ${line}`),
  ]
}
