// The images of deploy/images, built on bases made from Debian's packages: no registry is asked.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-manifests.ts'
import { runHere } from '../room.ts'
import type { Podman } from './podman.ts'

const NODE_BASE = 'localhost/postern-e2e/node:26'
/** Debian's nginx under the name that the manifests use; laid out and started as the official image. */
const NGINX = 'docker.io/library/nginx:1.28'
/** Debian's curl under the name that the manifests use. */
const CURL = 'docker.io/curlimages/curl:8.10.1'

const NGINX_CONTAINERFILE = `FROM ${NODE_BASE}
RUN groupadd -g 101 nginx; useradd -u 101 -g 101 -M nginx; \\
    printf '%s\\n' 'worker_processes 1; pid /run/nginx.pid; error_log stderr notice;' 'events { worker_connections 1024; }' \\
      'http { include /etc/nginx/mime.types; access_log off; include /etc/nginx/conf.d/*.conf; client_body_temp_path /var/cache/nginx/body; proxy_temp_path /var/cache/nginx/proxy; fastcgi_temp_path /var/cache/nginx/fastcgi; uwsgi_temp_path /var/cache/nginx/uwsgi; scgi_temp_path /var/cache/nginx/scgi; }' > /etc/nginx/nginx.conf; \\
    mkdir -p /var/cache/nginx /etc/nginx/templates; chown -R 101:101 /var/cache/nginx /run /etc/nginx/conf.d
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
`

/** Builds the bases, then every image by the project's own command. */
export async function buildImages(on: Podman): Promise<void> {
  await makeBase(on)
  const context = join(on.folder, 'empty')
  mkdirSync(context, { recursive: true })
  const nginxFile = join(on.folder, 'nginx.Containerfile')
  writeFileSync(nginxFile, NGINX_CONTAINERFILE)
  await on.podman('build', '--tag', NGINX, '--file', nginxFile, context)
  await on.podman('tag', NODE_BASE, CURL)
  await build(on)
  await build(on, '--debug', 'monolith')
}

async function build(on: Podman, ...wanted: readonly string[]): Promise<void> {
  const args = [`NODE_IMAGE=${NODE_BASE}`, `NGINX_IMAGE=${NGINX}`].flatMap((arg) => ['--build-arg', arg])
  const command = [join(ROOT, 'deploy/images/build.ts'), '--engine', 'podman', ...args, ...wanted]
  // The packages that are installed here serve for the build, too: a read-only mount in place of `npm ci`.
  const modules = ['--volume', `${join(ROOT, 'node_modules')}:/src/node_modules:ro`]
  const { code, stdout, stderr } = await on.run(process.execPath, ...command, '--', ...modules)
  if (code !== 0)
    throw new Error(`the images could not be built:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`)
}

async function makeBase(on: Podman): Promise<void> {
  if ((await on.run('podman', 'image', 'exists', NODE_BASE)).code === 0) return
  const rootfs = join(on.folder, 'rootfs')
  const packages = 'libatomic1,ca-certificates,nginx-light,curl'
  // Out here: the room has no way to the packages.
  const made = await runHere('debootstrap', '--variant=minbase', `--include=${packages}`, 'bookworm', rootfs)
  if (made.code !== 0)
    throw new Error(`debootstrap failed:\n${made.stdout.slice(-2000)}\n${made.stderr.slice(-2000)}`)
  copyFileSync(process.execPath, join(rootfs, 'usr/local/bin/node'))
  const archive = join(on.folder, 'base.tar')
  const packed = await on.run('tar', '-C', rootfs, '-cf', archive, '.')
  if (packed.code !== 0) throw new Error(packed.stderr)
  const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  await on.podman('import', '--change', path, archive, NODE_BASE)
  await on.run('rm', '-rf', rootfs, archive)
}
