import { DEFAULT_COMPILE_SETTINGS, compileManifests } from '@postern/control-plane'
import { createDataPlane } from '@postern/data-plane'
import type { Engine } from '@postern/exchange'
import type { Route, RoutingTable } from '@postern/routing-table'
import { RawClient, type ManifestObject } from '@postern/testing'
import { toSet } from '../served/compare.ts'
import { Random } from '../served/random.ts'
import { bytesOf, randomRequest } from '../served/requests.ts'

const LIMITS = {
  ...{ headTimeoutMs: 60_000, bodyIdleTimeoutMs: 60_000, keepAliveTimeoutMs: 75_000 },
  ...{ maxHeadBytes: 32_768, maxHeaderCount: 200, maxRequestsPerConnection: 1_000_000, maxConnections: 100 },
}

/** Tells by other means than diff's what a set of manifests does. Shares no code with it. */
export class Oracle implements AsyncDisposable {
  readonly #plane
  readonly #engine: Engine
  #client: RawClient | undefined
  #port = 0
  #stop: () => Promise<void> = () => Promise.resolve()

  constructor(engine: Engine) {
    this.#engine = engine
    this.#plane = createDataPlane({ engine })
  }

  async start(): Promise<void> {
    const listener = await this.#engine.listen(
      { host: '127.0.0.1', port: 0, limits: LIMITS },
      this.#plane.serve,
    )
    this.#port = listener.port
    this.#stop = async () => {
      const stopped = listener.stop()
      listener.destroy()
      await stopped
    }
  }

  /** Answers to a seeded sequence of requests, as they came over the wire. */
  async live(objects: readonly ManifestObject[], seed: number, count: number): Promise<readonly string[]> {
    this.#plane.replaceTable(tableOf(objects))
    const random = new Random(seed)
    const answers: string[] = []
    for (let sent = 0; sent < count; sent++) answers.push(await this.#ask(random))
    return answers
  }

  async #ask(random: Random): Promise<string> {
    const request = { ...randomRequest(random, this.#port) }
    const headers = [...request.headers, ['X-Request-ID', 'fixed'] as const]
    if (this.#client === undefined || this.#client.ended)
      this.#client = await RawClient.open({ port: this.#port })
    this.#client.write(bytesOf({ ...request, headers }))
    const response = await this.#client.readResponse(request.method)
    if (response.status >= 400 || response.values('connection').includes('close')) {
      this.#client.close()
      this.#client = undefined
    }
    const lines = response.headers.filter(
      ([name]) => !/^(date|connection|keep-alive|content-length)$/i.test(name),
    )
    return JSON.stringify([
      response.status,
      lines.map(([name, value]) => [name.toLowerCase(), decoded(name, value)]).sort(),
    ])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close()
    await this.#stop()
  }
}

function decoded(name: string, value: string): string {
  return name.toLowerCase() === 'x-echo' ? Buffer.from(value, 'base64url').toString() : value
}

export function tableOf(objects: readonly ManifestObject[]): RoutingTable {
  return compileManifests(toSet({ name: 'oracle', objects }), DEFAULT_COMPILE_SETTINGS).table
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
export function linearTwin(table: RoutingTable, paths: readonly string[]): string {
  const backends = new Map(table.backends.map(({ id, origin: _o, ...rest }) => [id as string, rest]))
  const seen = HOSTS.flatMap((host) =>
    paths.map((path) => {
      const candidates = [host, `*${host.slice(host.indexOf('.'))}`, '*']
      const found = candidates.map((name) => table.hosts.find((one) => one.host === name)).find(Boolean)
      const route = found?.routes.find((one) => fits(one, path)) ?? found?.defaultRoute ?? table.defaultRoute
      const { target, filters } = route
      const backend =
        target.kind === 'backend' ? { ...target, backend: backends.get(target.backend) } : target
      return [host, path, backend, filters]
    }),
  )
  return JSON.stringify(seen)
}

function fits({ path: rule }: Route, path: string): boolean {
  if (rule.kind === 'exact') return rule.value === path
  if (rule.kind === 'regex') return new RegExp(`^(?:${rule.value})`, rule.ignoreCase ? 'i' : '').test(path)
  const parts = (text: string) => text.split('/').filter((part) => part !== '')
  return parts(rule.value).every((part, index) => parts(path)[index] === part)
}
