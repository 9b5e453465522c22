import { connect } from 'node:net'
import { DEFAULT_COMPILE_SETTINGS, compileManifests } from '@postern/control-plane'
import { createDataPlane } from '@postern/data-plane'
import type { Engine, Listener } from '@postern/exchange'
import type { Route, RoutingTable } from '@postern/routing-table'
import { RawClient, type ManifestObject } from '@postern/testing'
import type { ExplainRequest } from '../../src/request.ts'
import { toSet } from '../served/compare.ts'
import { Random } from '../served/random.ts'
import { bytesOf, randomRequest } from '../served/requests.ts'

/** PEM. */
export interface TlsPem {
  readonly certPem: string
  readonly keyPem: string
}

const LIMITS = {
  ...{ headTimeoutMs: 60_000, bodyIdleTimeoutMs: 60_000, keepAliveTimeoutMs: 75_000 },
  ...{ maxHeadBytes: 32_768, maxHeaderCount: 200, maxRequestsPerConnection: 1_000_000, maxConnections: 100 },
}

/** A place of the routing that a request can be aimed at. */
export interface Place {
  readonly host: string
  readonly path: string
}

/** `elsewhere`: HTTPS from another address of this machine, for lists of addresses. */
type Way = 'http' | 'https' | 'elsewhere'
const WAYS: readonly Way[] = ['http', 'https', 'elsewhere']

/** Tells by other means than diff's what a set of manifests does. Shares no code with it. */
export class Oracle implements AsyncDisposable {
  readonly #plane
  readonly #engine: Engine
  readonly #certificate: TlsPem
  readonly #listeners: Listener[] = []
  #client: RawClient | undefined
  #clientOf = ''

  constructor(engine: Engine, certificate: TlsPem) {
    this.#engine = engine
    this.#certificate = certificate
    this.#plane = createDataPlane({ engine })
  }

  async start(): Promise<void> {
    const address = { host: '127.0.0.1', port: 0, limits: LIMITS }
    this.#listeners.push(
      await this.#engine.listen(address, this.#plane.serve),
      await this.#engine.listen({ ...address, tls: this.#plane.tls }, this.#plane.serve),
    )
  }

  /** Answers to a seeded sequence of requests over plain HTTP, as they came over the wire. */
  async live(objects: readonly ManifestObject[], seed: number, count: number): Promise<readonly string[]> {
    this.#plane.replaceTable(tableOf(objects, this.#certificate))
    const random = new Random(seed)
    const answers: string[] = []
    for (let sent = 0; sent < count; sent++) answers.push(await this.#ask(randomRequest(random, 80), 'http'))
    return answers
  }

  /** Answers at these places, over both schemes and from two addresses, to every sort of request that some rule asks about. */
  async aimed(objects: readonly ManifestObject[], places: readonly Place[]): Promise<readonly string[]> {
    this.#plane.replaceTable(tableOf(objects, this.#certificate))
    const answers: string[] = []
    for (const way of WAYS)
      for (const place of places)
        for (const request of aimedRequests(place)) answers.push(await this.#ask(request, way))
    return answers
  }

  async #ask(request: ExplainRequest, way: Way): Promise<string> {
    const headers = [...request.headers, ['X-Request-ID', 'fixed'] as const]
    const client = await this.#connect(way, request.serverName)
    client.write(bytesOf({ ...request, headers }))
    const response = await client.readResponse(request.method)
    if (response.status >= 400 || response.values('connection').includes('close')) this.#hangUp()
    const lines = response.headers.filter(
      ([name]) => !/^(date|connection|keep-alive|content-length)$/i.test(name),
    )
    return JSON.stringify([
      response.status,
      lines.map(([name, value]) => [name.toLowerCase(), decoded(name, value)]).sort(),
    ])
  }

  async #connect(way: Way, servername: string): Promise<RawClient> {
    const whom = way === 'http' ? way : `${way}://${servername}`
    if (this.#client !== undefined && !this.#client.ended && this.#clientOf === whom) return this.#client
    this.#hangUp()
    const [plain, secure] = this.#listeners
    const port = (way === 'http' ? plain : secure)?.port ?? 0
    const socket = way === 'elsewhere' && connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' })
    const tls = { servername, rejectUnauthorized: false, ...(socket && { socket }) }
    this.#client = await RawClient.open({ port, ...(way !== 'http' && { tls }) })
    this.#clientOf = whom
    return this.#client
  }

  #hangUp(): void {
    this.#client?.close()
    this.#client = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hangUp()
    await Promise.all(
      this.#listeners.map(async (listener) => {
        const stopped = listener.stop()
        listener.destroy()
        await stopped
      }),
    )
  }
}

function aimedRequests({ host, path }: Place): readonly ExplainRequest[] {
  const plain: ExplainRequest = {
    ...{ scheme: 'http', serverName: host, authority: host, port: 80 },
    ...{ target: path, method: 'GET', headers: [], from: '127.0.0.1' },
  }
  return [
    plain,
    { ...plain, headers: [['Authorization', 'Basic YW5uOnNlY3JldA==']] },
    { ...plain, headers: [['X-Canary', 'always']] },
    { ...plain, headers: [['Cookie', 'beta=always']] },
    { ...plain, method: 'OPTIONS', headers: [['Origin', 'https://a.example']] },
    ...['5', '20', '50'].map((length): ExplainRequest => ({
      ...plain,
      method: 'POST',
      headers: [['Content-Length', length]],
    })),
  ]
}

function decoded(name: string, value: string): string {
  return name.toLowerCase() === 'x-echo' ? Buffer.from(value, 'base64url').toString() : value
}

export function tableOf(objects: readonly ManifestObject[], fallbackCertificate: TlsPem): RoutingTable {
  const settings = { ...DEFAULT_COMPILE_SETTINGS, fallbackCertificate }
  return compileManifests(toSet({ name: 'oracle', objects }), settings).table
}

const HOSTS = [
  'a.example',
  'b.example',
  'api.example',
  'x.example',
  'x.y.example',
  'www.a.example',
  'alias.example',
  'nobody.test',
]
const PATHS = [
  '/',
  '/api',
  '/api/',
  '/api/users',
  '/api/users/',
  '/API',
  '/apix',
  '/web',
  '/web/x',
  '/docs',
  '/docs/z',
  '/x',
  '/x/',
  '/x/y',
  '/xy',
  '/login',
  '/login/z',
  '/cart',
  '/cart/',
  '/cart/z',
  '/v1/users',
  '/v12',
  '/a.b',
  '/aXb',
  '/new',
  '/other',
]

/** Paths of the grid, and what stands in the rules themselves with its neighbours. */
export function gridPaths(...sets: readonly (readonly ManifestObject[])[]): readonly string[] {
  const written = [...JSON.stringify(sets).matchAll(/"path":"([^"]*)"/g)].map(([, path]) => path ?? '')
  const near = written.flatMap((path) => {
    const bare = path.replace(/\/$/, '')
    return [bare || '/', `${bare}/`, `${bare}/z`, `${bare}/z/`, `${bare}x`]
  })
  return [
    ...new Set([
      ...PATHS,
      ...MORE_PATHS,
      ...near,
      ...near.map((path) => path.toLowerCase()),
      ...near.map((path) => path.toUpperCase()),
    ]),
  ]
}

const MORE_PATHS = [
  '/v1/',
  '/v1/users/',
  '/v1/z',
  '/v1/z/',
  '/web/',
  '/webq',
  '/web/q/',
  '/docs/',
  '/docsq/',
  '/x/z/',
  '/xx/',
  '/api/z',
  '/api/z/',
  '/api//',
  '/apiq/',
  '/v12/',
  '/admin',
  '/app',
  '/app/z',
  '/gone',
]

/** The linear twin: every host and path of a dense grid, looked up one rule after the other, and what stands there. */
export function linearTwin(table: RoutingTable, paths: readonly string[]): ReadonlyMap<Place, string> {
  const backends = new Map(table.backends.map(({ id, origin: _o, ...rest }) => [id as string, rest]))
  const seen = HOSTS.flatMap((host) =>
    paths.map((path) => {
      const candidates = [host, `*${host.slice(host.indexOf('.'))}`, '*']
      const found = candidates.map((name) => table.hosts.find((one) => one.host === name)).find(Boolean)
      const route = found?.routes.find((one) => fits(one, path)) ?? found?.defaultRoute ?? table.defaultRoute
      const { target, filters } = route
      const backend =
        target.kind === 'backend' ? { ...target, backend: backends.get(target.backend) } : target
      return [{ host, path }, JSON.stringify([backend, filters], withoutPlaces)] as const
    }),
  )
  return new Map(seen)
}

// An object that moved within its file is the same object.
function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'line' || key === 'column' ? undefined : value
}

/** Where two twins over the same grid differ. */
export function placesThatDiffer(
  was: ReadonlyMap<Place, string>,
  is: ReadonlyMap<Place, string>,
): readonly Place[] {
  const after = [...is.values()]
  return [...was].flatMap(([place, seen], index) => (seen === after[index] ? [] : [place]))
}

function fits({ path: rule }: Route, path: string): boolean {
  if (rule.kind === 'exact') return rule.value === path
  if (rule.kind === 'regex') return new RegExp(`^(?:${rule.value})`, rule.ignoreCase ? 'i' : '').test(path)
  const parts = (text: string) => text.split('/').filter((part) => part !== '')
  return parts(rule.value).every((part, index) => parts(path)[index] === part)
}
