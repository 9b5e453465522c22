import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** HAProxy with one thread, forwarded headers and reuse of upstream connections. */
export function haproxyConfig(folder: string, port: number, upstream: number): string {
  const file = join(folder, `haproxy-${String(port)}.cfg`)
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  http-reuse always
  option forwardfor
frontend f
  bind 127.0.0.1:${String(port)}
  http-request set-header X-Forwarded-Proto http
  default_backend b
backend b
  server s 127.0.0.1:${String(upstream)} maxconn 1024
`,
  )
  return file
}
