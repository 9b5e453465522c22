import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_COMPILE_SETTINGS } from '@postern/control-plane'
import type { AccessEntry } from '@postern/data-plane'
import {
  rawRequest,
  startUpstream,
  toYaml,
  until,
  type ManifestObject,
  type RawResponse,
  type Upstream,
  type UpstreamOptions,
} from '@postern/testing'
import { createLog } from '../src/log.ts'
import { startGateway, type Gateway } from '../src/serve.ts'
import type { ServeSettings } from '../src/settings.ts'

/** A gateway over a folder of manifests, in this process, on free ports. `await using` closes it. */
export class GatewayFixture implements AsyncDisposable {
  readonly folder: string
  readonly accesses: AccessEntry[] = []
  readonly logged: string[] = []
  #gateway: Gateway | undefined
  #stopped: Promise<void> | undefined
  readonly #upstreams: Upstream[] = []

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<GatewayFixture> {
    return new GatewayFixture(await mkdtemp(join(tmpdir(), 'postern-gateway-')))
  }

  async upstream(name: string, options?: UpstreamOptions): Promise<Upstream> {
    const upstream = await startUpstream(name, options)
    this.#upstreams.push(upstream)
    return upstream
  }

  /** Replaces a file in one step, as editors and mounted ConfigMaps do. */
  async write(
    file: string,
    ...objects: readonly (ManifestObject | readonly ManifestObject[])[]
  ): Promise<void> {
    await this.writeText(file, toYaml(...objects.flat()))
  }

  async writeText(file: string, text: string): Promise<void> {
    const temporary = join(this.folder, `${file}.tmp`)
    await writeFile(temporary, text)
    await rename(temporary, join(this.folder, file))
  }

  async start(settings: Partial<ServeSettings> = {}): Promise<Gateway> {
    const anyPort = { host: '127.0.0.1', port: 0 }
    const log = createLog({
      format: 'json',
      level: 'info',
      write: (line) => this.logged.push(line),
      now: () => new Date(),
    })
    this.#gateway = await startGateway(
      {
        manifests: [this.folder],
        http: anyPort,
        https: anyPort,
        admin: anyPort,
        compile: DEFAULT_COMPILE_SETTINGS,
        redirectPort: undefined,
        workers: 1,
        drainDelayMs: 0,
        drainTimeoutMs: 5_000,
        engine: process.env['ENGINE'] === 'node' ? 'node' : 'own',
        logFormat: 'json',
        logLevel: 'info',
        ...settings,
      },
      log,
      (entry) => this.accesses.push(entry),
    )
    return this.#gateway
  }

  port(which: 'http' | 'https' | 'admin'): number {
    return Number(this.#gateway?.addresses[which]?.split(':').at(-1))
  }

  /** A request over plain HTTP. Further header lines follow the target. */
  async get(host: string, target: string, ...lines: readonly string[]): Promise<RawResponse> {
    return this.send(`GET ${target} HTTP/1.1`, `Host: ${host}`, ...lines)
  }

  async send(...lines: readonly string[]): Promise<RawResponse> {
    return rawRequest({ port: this.port('http') }, `${lines.join('\r\n')}\r\n\r\n`)
  }

  /** Over TLS, asking for `serverName`; any certificate is taken. */
  async getTls(serverName: string, target: string, ...lines: readonly string[]): Promise<RawResponse> {
    const tls = { servername: serverName, rejectUnauthorized: false }
    return rawRequest(
      { port: this.port('https'), tls },
      [`GET ${target} HTTP/1.1`, `Host: ${serverName}`, ...lines, '', ''].join('\r\n'),
    )
  }

  async admin(path: string): Promise<RawResponse> {
    return rawRequest(
      { port: this.port('admin') },
      `GET ${path} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n`,
    )
  }

  /** Waits until a change of the manifests is served. */
  async untilServed(
    host: string,
    target: string,
    fits: (response: RawResponse) => boolean,
  ): Promise<RawResponse> {
    return until(`${host}${target} is served anew`, async () => {
      const response = await this.get(host, target)
      return fits(response) ? response : undefined
    })
  }

  /** As SIGTERM does. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#gateway?.stop()
    await this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    for (const upstream of this.#upstreams) await upstream.close()
    await rm(this.folder, { recursive: true })
  }
}
