import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GATEWAY, serveCommand } from './gateway.ts'
import { haproxyConfig } from './haproxy.ts'
import { benchManifests, type Annotations } from './manifests.ts'
import { gatewayConfig, proxyConfig } from './nginx.ts'
import { hasCommand } from './processes.ts'

export interface Launch {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Time until it listens, in milliseconds. */
  readonly readyMs?: number
}

export interface Place {
  readonly folder: string
  readonly port: number
  readonly upstream: number
}

/** Something that can be measured. `launch` gives a reason when it cannot be started here. */
export interface Target {
  readonly name: string
  readonly launch: (place: Place) => Promise<Launch | string> | Launch | string
}

const ROOT = join(import.meta.dirname, '../..')

/** Everything that is compared. The first one is the base of all ratios. */
export const TARGETS: readonly Target[] = [
  command('nginx', 'nginx', (place) => [
    'nginx',
    '-c',
    proxyConfig(place.folder, place.port, place.upstream),
  ]),
  command('nginx, gateway work', 'nginx', (place) => [
    'nginx',
    '-c',
    gatewayConfig(place.folder, place.port, place.upstream),
  ]),
  command('haproxy', 'haproxy', (place) => [
    'haproxy',
    '-f',
    haproxyConfig(place.folder, place.port, place.upstream),
  ]),
  peer('@fastify/http-proxy', 'fastify-http-proxy'),
  peer('@fastify/http-proxy, gateway work', 'fastify-gateway'),
  peer('http-proxy-3', 'http-proxy-3'),
  peer('fast-proxy', 'fast-proxy'),
  peer('node-engine', 'bare-engine', { ENGINE: 'node' }),
  peer('http-engine', 'bare-engine'),
  peer('http-engine, documented transport', 'bare-engine', { TRANSPORT: 'documented' }),
  peer('http-engine, pipelining 16', 'bare-engine', { PIPELINING: '16' }),
  gateway('postern', 'own'),
  gateway('postern, pipelined route', 'own', { 'postern.dev/upstream-pipelining': '16' }),
  gateway('postern, first engine', 'node'),
]

function command(name: string, program: string, argv: (place: Place) => readonly string[]): Target {
  return {
    name,
    launch: async (place) =>
      (await hasCommand(program)) ? { command: argv(place), readyMs: 20_000 } : `${program} is not installed`,
  }
}

function peer(name: string, script: string, env: Readonly<Record<string, string>> = {}): Target {
  return {
    name,
    launch: ({ port, upstream }) => ({
      command: [process.execPath, '--conditions=@postern/source', join(ROOT, `bench/peers/${script}.ts`)],
      env: { PORT: String(port), UPSTREAM_PORT: String(upstream), NODE_ENV: 'production', ...env },
      readyMs: 20_000,
    }),
  }
}

function gateway(name: string, engine: 'own' | 'node', annotations?: Annotations): Target {
  return {
    name,
    launch: ({ folder, port, upstream }) => {
      if (!existsSync(GATEWAY)) return 'apps/gateway is not built: node tools/build.ts apps/gateway'
      const manifests = benchManifests(folder, upstream, annotations)
      return {
        command: [...serveCommand(manifests, port), '--engine', engine],
        env: { NODE_ENV: 'production' },
        readyMs: 120_000,
      }
    },
  }
}
