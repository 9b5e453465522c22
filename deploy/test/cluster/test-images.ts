// The images of deploy/images, built on bases made from Debian's packages: no registry is asked.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-manifests.ts'
import { runHere } from '../room.ts'
import { NGINX_CONTAINERFILE, NGINX_ENTRYPOINT } from './nginx-image.ts'
import type { Podman } from './podman.ts'

// The last three: what the printed commands and nginx's entry point call.
const PACKAGES = 'libatomic1,ca-certificates,nginx-light,curl,busybox,bind9-dnsutils,gettext-base'
const NODE_BASE = `localhost/postern-e2e/node:26-${createHash('sha256').update(PACKAGES).digest('hex').slice(0, 8)}`
/** Debian's programs under the names that manifests and READMEs use. */
export const NGINX_IMAGE = 'docker.io/library/nginx:1.28'
export const CURL_IMAGE = 'docker.io/curlimages/curl:8.10.1'
const BUSYBOX_IMAGE = 'docker.io/library/busybox:1.37'
const TRIES = 3
const BUSYBOX_CONTAINERFILE = `ARG BASE
FROM \${BASE}
RUN busybox --install -s /usr/local/sbin
`
const AGNHOST_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.39'
const AGNHOST_CONTAINERFILE = `ARG BASE
FROM \${BASE}
RUN printf '#!/bin/sh\\nexec sleep infinity\\n' > /usr/local/bin/pause; chmod +x /usr/local/bin/pause
ENTRYPOINT ["/usr/bin/env"]
`

/**
 * Builds the bases, then every image and every variant with a shell, by the project's own command. E2E_IMAGES=kept takes
 * what is in E2E_CONTAINERS_FOLDER as it is, E2E_IMAGES=gateway,users builds those again: for single cases after a whole run.
 */
export async function buildImages(on: Podman): Promise<void> {
  const asked = process.env['E2E_IMAGES']
  if (asked === 'kept') return
  const names = asked?.split(',') ?? []
  await makeBase(on)
  await makeTool(on, NGINX_IMAGE, {
    'docker-entrypoint.sh': NGINX_ENTRYPOINT,
    Containerfile: NGINX_CONTAINERFILE,
  })
  await makeTool(on, BUSYBOX_IMAGE, { Containerfile: BUSYBOX_CONTAINERFILE })
  await makeTool(on, AGNHOST_IMAGE, { Containerfile: AGNHOST_CONTAINERFILE })
  await on.podman('tag', NODE_BASE, CURL_IMAGE)
  await build(on, ...names)
  await build(on, '--debug', ...names)
}

async function build(on: Podman, ...wanted: readonly string[]): Promise<void> {
  const args = [`NODE_IMAGE=${NODE_BASE}`, `NGINX_IMAGE=${NGINX_IMAGE}`].flatMap((arg) => [
    '--build-arg',
    arg,
  ])
  const command = [join(ROOT, 'deploy/images/build.ts'), '--engine', 'podman', ...args, ...wanted]
  // The packages that are installed here serve for the build, too: a read-only mount in place of `npm ci`.
  const modules = ['--volume', `${join(ROOT, 'node_modules')}:/src/node_modules:ro`]
  const { code, stdout, stderr } = await on.run(process.execPath, ...command, '--', ...modules)
  if (code !== 0)
    throw new Error(`the images could not be built:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`)
}

/** Builds one image from its files, `Containerfile` among them. */
async function makeTool(on: Podman, tag: string, files: Readonly<Record<string, string>>): Promise<void> {
  const context = mkdtempSync(join(on.folder, 'image-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(context, name), text, { mode: 0o755 })
  const file = join(context, 'Containerfile')
  await on.podman('build', '--tag', tag, '--build-arg', `BASE=${NODE_BASE}`, '--file', file, context)
}

/** Out here: the room has no way to the packages. They come over a network, which may fail once. */
async function bootstrap(rootfs: string, tries: number): Promise<void> {
  const { code, stdout, stderr } = await runHere(
    'debootstrap',
    '--variant=minbase',
    `--include=${PACKAGES}`,
    'bookworm',
    rootfs,
  )
  if (code === 0) return
  const failure = `debootstrap failed:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`
  if (tries <= 1) throw new Error(failure)
  console.warn(`tried again: ${failure}`)
  rmSync(rootfs, { recursive: true, force: true })
  return bootstrap(rootfs, tries - 1)
}

async function makeBase(on: Podman): Promise<void> {
  if ((await on.run('podman', 'image', 'exists', NODE_BASE)).code === 0) return
  const rootfs = join(on.folder, 'rootfs')
  await bootstrap(rootfs, TRIES)
  copyFileSync(process.execPath, join(rootfs, 'usr/local/bin/node'))
  const archive = join(on.folder, 'base.tar')
  const packed = await on.run('tar', '-C', rootfs, '-cf', archive, '.')
  if (packed.code !== 0) throw new Error(packed.stderr)
  const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  await on.podman('import', '--change', path, archive, NODE_BASE)
  await on.run('rm', '-rf', rootfs, archive)
}
