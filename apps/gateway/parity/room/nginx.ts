// Debian's nginx as a child process, with what ingress-nginx writes around every server.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import { RawClient, until } from '@postern/testing'
import type { NginxModule } from '../case.ts'
import type { Place } from './place.ts'
import type { Upstreams } from './upstreams.ts'

const MODULES = '/usr/lib/nginx/modules'

// The first of each pair is what the second needs.
const FILES: Readonly<Record<NginxModule, readonly string[]>> = {
  lua: ['ndk_http_module.so', 'ngx_http_lua_module.so'],
  'headers-more': ['ngx_http_headers_more_filter_module.so'],
  stream: ['ngx_stream_module.so'],
}

export function hasModule(name: NginxModule): boolean {
  return FILES[name].every((file) => existsSync(join(MODULES, file)))
}

export interface Nginx extends AsyncDisposable {
  /** Writes the file anew and has it read: new workers come, old ones finish. Needs `master`. */
  readonly reload: (options: NginxOptions) => Promise<void>
  readonly pid: number
  /** Complaints of nginx, for the message of a failed test. */
  readonly errors: () => string
}

export interface NginxOptions {
  readonly program: string
  readonly place: Place
  readonly upstreams: Pick<Upstreams, 'services'>
  readonly servers: string
  /** What stands in `stream { }`. */
  readonly stream?: string
  readonly modules: readonly NginxModule[]
  /** A master process, which can reload. */
  readonly master?: boolean
}

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const { program, place } = options
  const folder = join(place.folder, 'nginx')
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration(options, folder))
  const child = spawn(program, ['-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const gone = once(child, 'exit')
  await until(`nginx listens (${file})`, async () => {
    if (child.exitCode !== null) throw new Error(`nginx did not start:\n${errors}`)
    return isListening(place.http)
  })
  return {
    pid: child.pid ?? 0,
    reload: async (next) => {
      await writeFile(file, configuration(next, folder))
      child.kill('SIGHUP')
    },
    errors: () => errors,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function isListening(port: number): Promise<boolean> {
  try {
    ;(await RawClient.open({ port })).close()
    return true
  } catch {
    return false
  }
}

// [IN nginx.tmpl, http block]: the maps, the switches and the catch-all server that every configuration has.
/** The text of nginx.conf. */
export function configuration(
  { place, upstreams, servers, stream, modules, master }: NginxOptions,
  folder: string,
): string {
  const load = modules.flatMap((name) => FILES[name]).map((file) => `load_module ${join(MODULES, file)};`)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  )
  const pools = upstreams
    .services()
    .filter(([, ports]) => ports.length > 0)
    .map(([name, ports]) => pool(name, ports, modules.includes('lua')))
  // ingress-nginx gives old workers 240 s; a test has two.
  const process = master === true ? 'user root; worker_shutdown_timeout 2s;' : 'master_process off;'
  return `${load.join('\n')}
daemon off; ${process} worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr error;
events { worker_connections 1024; }
http {
  ${paths.join(' ')}
  access_log off; server_tokens off; server_name_in_redirect off; port_in_redirect off;
  client_header_buffer_size 1k; large_client_header_buffers 4 8k; client_max_body_size 1m;
  limit_req_status 503; limit_conn_status 503; server_names_hash_bucket_size 128; variables_hash_bucket_size 256;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  map $http_x_request_id $req_id { default $http_x_request_id; '' $request_id; }
  ssl_certificate ${place.certFile}; ssl_certificate_key ${place.keyFile};
  ${modules.includes('lua') ? 'init_by_lua_block { turns = {} }' : ''}
  upstream nowhere { server unix:${join(folder, 'nowhere.sock')}; }
  server { listen unix:${join(folder, 'nowhere.sock')}; location / { return 404; } }
  ${pools.join('\n  ')}
  ${servers}
}
${stream === undefined ? '' : `stream { ${stream} }`}
`
}

// [IN rootfs/etc/nginx/lua/balancer.lua, balance]: every attempt asks for one more and takes the next peer in turn,
// though it be the only one. Without Lua nginx's own round robin, told to remember no failures, comes close.
function pool(name: string, ports: readonly number[], withLua: boolean): string {
  if (!withLua) {
    const peers = ports.map((port) => `server 127.0.0.1:${String(port)} max_fails=0;`)
    return `upstream ${name} { ${peers.join(' ')} keepalive 32; }`
  }
  return `upstream ${name} { server 0.0.0.1; balancer_by_lua_block {
    local balancer, ports = require("ngx.balancer"), { ${ports.map(String).join(', ')} }
    local turn = turns["${name}"] or 0
    turns["${name}"] = turn + 1
    balancer.set_more_tries(1)
    balancer.set_current_peer("127.0.0.1", ports[turn % #ports + 1])
  } keepalive 32; }`
}
