// A folder that lies over /etc/nginx in a room, laid out as in the official image: nginx.conf includes conf.d/*.conf, and the access
// log has that image's format. A test run keeps its lines and searches them for secrets.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const MAIN = (folder: string) => `
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
                    '"$http_user_agent" "$http_x_forwarded_for"';
    access_log /dev/stderr main;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    include /etc/nginx/conf.d/*.conf;
}
`

/** Writes `files` (paths under /etc/nginx → content) beside a main configuration. */
export function writeNginxFolder(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, 'conf.d'), { recursive: true })
  writeFileSync(join(folder, 'nginx.conf'), MAIN(folder))
  copyFileSync('/etc/nginx/mime.types', join(folder, 'mime.types'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

/** What the entry point of the official image does to a template: fills in the variables that it is given, no others. */
export function fillTemplate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole)
}
