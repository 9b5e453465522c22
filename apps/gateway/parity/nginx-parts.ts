// The pieces that ingress-nginx writes into every server and location, put together by hand.
// Source of the facts: kubernetes/ingress-nginx rootfs/etc/nginx/template/nginx.tmpl and
// internal/ingress/controller/template/template.go.
import type { Place } from './room/place.ts'

/** A server for one or more names on both ports. */
export function server({ http, https }: Place, names: string, ...inside: readonly string[]): string {
  const listen = `listen 127.0.0.1:${String(http)}; listen 127.0.0.1:${String(https)} ssl;`
  return `server { ${listen} server_name ${names};\n${inside.join('\n')}\n}`
}

/** The server `_`: answers hosts that no Ingress names. */
export function catchAll({ http, https }: Place, ...inside: readonly string[]): string {
  const listen = `listen 127.0.0.1:${String(http)} default_server; listen 127.0.0.1:${String(https)} ssl default_server;`
  const own = inside.length > 0 ? inside.join('\n') : `location / { ${pass('nowhere')} }`
  return `server { ${listen} server_name _;\n${own}\nlocation /healthz { access_log off; return 200; }\n}`
}

/** What Postern and ingress-nginx both do for a location with default annotations, but for the Host header. */
export function headers(host = '$http_host'): string {
  return `proxy_set_header Host ${host};
    proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Request-ID $req_id; proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Port $server_port; proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Scheme $scheme; proxy_set_header X-Scheme $scheme;
    proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
    proxy_set_header X-Original-Forwarded-Host $http_x_forwarded_host; proxy_set_header Proxy "";`
}

/** Timeouts, buffers and retries as their annotations default. */
export const DEFAULTS = `proxy_http_version 1.1; proxy_connect_timeout 5s; proxy_send_timeout 60s; proxy_read_timeout 60s;
    proxy_buffering off; proxy_buffer_size 4k; proxy_buffers 4 4k; proxy_request_buffering on;
    proxy_next_upstream error timeout; proxy_next_upstream_timeout 0; proxy_next_upstream_tries 3;
    proxy_cookie_domain off; proxy_cookie_path off; proxy_redirect off;`

/** The end of a location: everything with its default value, to one Service. */
export function pass(service: string): string {
  return `${headers()} ${DEFAULTS} proxy_pass http://${service};`
}

/** `pathType: Prefix` becomes two locations, unless the path is `/` or ends in a slash. */
export function prefix(path: string, inside: string): string {
  if (path === '/') return `location / { ${inside} }`
  const folder = path.endsWith('/') ? path : `${path}/`
  return `location ${folder} { ${inside} }\nlocation = ${path} { ${inside} }`
}

export function exact(path: string, inside: string): string {
  return `location = ${path} { ${inside} }`
}

/** Every location of a host where one path has `use-regex` or a rewrite. */
export function regex(path: string, inside: string): string {
  return `location ~* "^${path}" { ${inside} }`
}

/** Where a host has no path `/`, its default backend has it. */
export const NOWHERE = `location / { ${pass('nowhere')} }`
