import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How many hosts the gateway and nginx know besides the one that is asked. */
export const HOSTS = 10_000

/** What upstreams answer to a small GET. */
export const ANSWER = JSON.stringify({
  id: 1_234_567,
  name: 'widget',
  description:
    'a small answer of about two hundred bytes, so that the cost of framing shows and not that of copying',
  tags: ['a', 'b', 'c'],
  ok: true,
})

/** The upstream: a small JSON document, 64 KiB under /64k, and any body taken in. */
export function upstreamConfig(folder: string, port: number): string {
  mkdirSync(join(folder, 'www'), { recursive: true })
  writeFileSync(join(folder, 'www/64k'), Buffer.alloc(65_536, 'x'))
  return write(
    folder,
    port,
    'http://unused',
    '',
    `
    root ${folder}/www; open_file_cache max=10; default_type application/json;
    server { listen 127.0.0.1:${String(port)} backlog=4096; location / { return 200 '${ANSWER}'; } location = /64k { } }`,
  )
}

/** A reverse proxy with nothing but forwarded headers. */
export function proxyConfig(folder: string, port: number, upstream: number): string {
  return write(
    folder,
    port,
    `127.0.0.1:${String(upstream)}`,
    'access_log off;',
    `server { ${proxyServer(port, '')} }`,
  )
}

// The members of the gateway's own line, as far as nginx knows them.
const LOG_FORMAT = `log_format j escape=json '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method","scheme":"$scheme","host":"$host","path":"$request_uri",'
      '"httpVersion":"$server_protocol","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"route":"$server_name","requestId":"$request_id",'
      '"userAgent":"$http_user_agent","backend":"$proxy_host","endpoint":"$upstream_addr","upstreamSeconds":"$upstream_response_time"}';`

// What ingress-nginx and the gateway tell an upstream besides what every proxy does, and what they keep from it.
const TELL_MORE = `proxy_set_header X-Request-ID $request_id; proxy_set_header X-Forwarded-Port $server_port; proxy_set_header X-Forwarded-Scheme $scheme;
    proxy_set_header X-Scheme $scheme; proxy_set_header Proxy "";`

/** The same with what a gateway does: ten thousand hosts, a limit per client, request ids, a JSON access log in a buffer. */
export function gatewayConfig(folder: string, port: number, upstream: number): string {
  const log = `${LOG_FORMAT}
    access_log ${folder}/access-${String(port)}.log j buffer=64k flush=1s; server_names_hash_max_size 131072; server_names_hash_bucket_size 128;
    limit_req_zone $binary_remote_addr zone=z:10m rate=1000000r/s;`
  const others = Array.from(
    { length: HOSTS },
    (_, i) =>
      `server { listen 127.0.0.1:${String(port)}; server_name app-${String(i)}.bench.example; ${paths()} }`,
  )
  const extra = `limit_req zone=z burst=1000000 nodelay; ${TELL_MORE}`
  const asked = `server { ${proxyServer(port, extra)} }`
  return write(folder, port, `127.0.0.1:${String(upstream)}`, log, [asked, ...others].join('\n'))
}

function paths(): string {
  return ['/admin', '/api/v1', '/api/v2', '/static', '/']
    .map((path) => `location ${path} { return 404; }`)
    .join(' ')
}

function proxyServer(port: number, extra: string): string {
  return `listen 127.0.0.1:${String(port)} backlog=4096; location / { ${extra} proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_set_header Host $http_host; proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme; proxy_pass http://up; }`
}

function write(folder: string, port: number, upstream: string, http: string, servers: string): string {
  const file = join(folder, `nginx-${String(port)}.conf`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind}-${String(port)};`,
  )
  const pool = upstream.startsWith('http')
    ? ''
    : `upstream up { server ${upstream}; keepalive 256; keepalive_requests 1000000000; keepalive_timeout 1h; }`
  writeFileSync(
    file,
    `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx-${String(port)}.pid; error_log ${folder}/nginx-${String(port)}.err warn;
events { worker_connections 8192; }
http { ${temporary.join(' ')} keepalive_timeout 1h; keepalive_requests 1000000000; tcp_nodelay on; client_body_buffer_size 64k; proxy_buffers 16 16k;
${http === '' ? 'access_log off;' : http}
${pool}
${servers} }
`,
  )
  return file
}
