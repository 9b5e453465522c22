import { DEFAULT_COMPILE_SETTINGS, parseYaml, type ManifestSet } from '@postern/control-plane'
import { createDataPlane } from '@postern/data-plane'
import type { Engine } from '@postern/exchange'
import { RawClient, toYaml, type RawResponse } from '@postern/testing'
import type { Outcome, SharedOutcome } from '../../src/explanation.ts'
import { outcomesOf } from '../../src/outcome.ts'
import { formatRequest, type ExplainRequest } from '../../src/request.ts'
import { makeSubject, type Subject } from '../../src/subject.ts'
import { byText, type Echo } from './echo.ts'
import type { ManifestSetCase } from './manifest-sets.ts'
import { Random } from './random.ts'
import { boundaryRequests, bytesOf, randomRequest } from './requests.ts'

export interface Comparison {
  readonly requests: number
  /** How many went to an upstream: a run in which nothing arrives proves little. */
  readonly forwarded: number
  readonly mismatches: readonly string[]
}

export interface CompareOptions {
  readonly engine: Engine
  readonly requests: number
  readonly seed: number
  /** What explain is asked about; the same as what is served unless a fault is planted. */
  readonly explained?: ManifestSetCase
}

const LIMITS = {
  ...{ headTimeoutMs: 60_000, bodyIdleTimeoutMs: 60_000, keepAliveTimeoutMs: 75_000 },
  ...{ maxHeadBytes: 32_768, maxHeaderCount: 200, maxRequestsPerConnection: 100_000, maxConnections: 100 },
}

export function toSet({ objects }: ManifestSetCase): ManifestSet {
  const { value, diagnostics } = parseYaml(toYaml(...objects), 'set.yaml')
  return { manifests: value, diagnostics }
}

/** Serves a set over a real socket, sends seeded requests, and holds each answer against what explain says. */
export async function compare(served: ManifestSetCase, options: CompareOptions): Promise<Comparison> {
  const plane = createDataPlane({ engine: options.engine })
  plane.replaceTable(makeSubject(toSet(served), DEFAULT_COMPILE_SETTINGS).compiled.table)
  const subject = makeSubject(toSet(options.explained ?? served), DEFAULT_COMPILE_SETTINGS)
  const where = { host: '127.0.0.1', port: 0, limits: LIMITS }
  const plain = await options.engine.listen(where, plane.serve)
  const secure = await options.engine.listen({ ...where, tls: plane.tls }, plane.serve)
  const wire = new Wire({ http: plain.port, https: secure.port })
  const random = new Random(options.seed)
  const own = served.secureHosts && boundaryRequests(subject.compiled.table, served.secureHosts, random)
  const requests = own === undefined ? options.requests : Math.min(options.requests, own.length)
  const mismatches: string[] = []
  let forwarded = 0
  try {
    for (let sent = 0; sent < requests; sent++) {
      const found = own?.[sent] ?? randomRequest(random, plain.port)
      const request = { ...found, port: wire.ports[found.scheme] }
      const response = await wire.ask(request)
      if (response.values('x-echo').length > 0) forwarded += 1
      const mismatch = await judge(request, response, subject)
      if (mismatch !== undefined) mismatches.push(`${served.name}: ${formatRequest(request)}: ${mismatch}`)
    }
  } finally {
    wire.close()
    for (const listener of [plain, secure]) {
      const stopped = listener.stop()
      listener.destroy()
      await stopped
    }
  }
  return { requests, forwarded, mismatches }
}

async function judge(
  request: ExplainRequest,
  response: RawResponse,
  subject: Subject,
): Promise<string | undefined> {
  const outcomes = await outcomesOf(subject, request)
  const served = servedOutcome(response)
  if (outcomes.some((expected) => agrees(expected, served, request))) return undefined
  return `served ${JSON.stringify(served)}, explained ${JSON.stringify(outcomes.map(({ outcome }) => outcome))}`
}

type Served =
  | { readonly kind: 'forwarded'; readonly echo: Echo }
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly location: string | undefined
      readonly cors: string | undefined
    }

function servedOutcome(response: RawResponse): Served {
  const [echo] = response.values('x-echo')
  if (echo !== undefined)
    return { kind: 'forwarded', echo: JSON.parse(Buffer.from(echo, 'base64url').toString()) as Echo }
  const [location] = response.values('location')
  const [cors] = response.values('access-control-allow-origin')
  return { kind: 'answered', status: response.status, location, cors }
}

function agrees({ outcome }: SharedOutcome, served: Served, request: ExplainRequest): boolean {
  if (outcome.kind === 'refused') return served.kind === 'answered' && served.status === 400
  if (served.kind === 'answered') {
    const cors = headerOf(outcome, 'access-control-allow-origin')
    return (
      outcome.kind === 'answered' &&
      outcome.status === served.status &&
      outcome.location === served.location &&
      cors === served.cors
    )
  }
  if (outcome.kind !== 'forwarded') return false
  const { echo } = served
  return (
    outcome.endpoints.includes(echo.at) &&
    outcome.method === echo.method &&
    outcome.target === echo.target &&
    JSON.stringify(comparable(outcome.headers, request)) === JSON.stringify(comparable(echo.headers, request))
  )
}

function headerOf(outcome: Outcome, name: string): string | undefined {
  if (outcome.kind !== 'answered') return undefined
  return outcome.responseHeaders.find(([key]) => key.toLowerCase() === name)?.[1]
}

const OF_THE_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length'])

// Framing belongs to the hop, and an id that nobody sent is drawn.
function comparable(headers: Echo['headers'], request: ExplainRequest): Echo['headers'] {
  const hasId = request.headers.some(([name]) => name.toLowerCase() === 'x-request-id')
  return headers
    .map(([name, value]): readonly [string, string] => [
      name.toLowerCase(),
      !hasId && name.toLowerCase() === 'x-request-id' ? '' : value,
    ])
    .filter(([name]) => !OF_THE_HOP.has(name))
    .sort(byText)
}

/** One connection that is opened anew whenever the gateway has closed it, or another server name is asked for. */
class Wire {
  readonly ports: Readonly<Record<ExplainRequest['scheme'], number>>
  #client: RawClient | undefined
  #name = ''

  constructor(ports: Wire['ports']) {
    this.ports = ports
  }

  async ask(request: ExplainRequest): Promise<RawResponse> {
    const name = request.scheme === 'https' ? request.serverName : ''
    if (this.#client === undefined || this.#client.ended || this.#name !== name) {
      this.close()
      const tls = name === '' ? {} : { tls: { servername: name, rejectUnauthorized: false } }
      this.#client = await RawClient.open({ port: this.ports[request.scheme], ...tls })
      this.#name = name
    }
    this.#client.write(bytesOf(request))
    const response = await this.#client.readResponse(request.method)
    if (response.status >= 400 || response.values('connection').includes('close')) this.close()
    return response
  }

  close(): void {
    this.#client?.close()
    this.#client = undefined
  }
}
