import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closedPort, makeAuthority, serviceAt, toYaml } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { startNginx } from './nginx.ts'
import type { Place } from './place.ts'
import { startPostern } from './postern.ts'
import { makeSide, type Side } from './side.ts'
import { startUpstreams, type Upstreams } from './upstreams.ts'

/** Upstreams, and both gateways in front of them. */
export interface Room extends AsyncDisposable {
  readonly nginx: Side
  readonly postern: Side
}

export async function openRoom(group: ParityCase, program: string): Promise<Room> {
  const stack = new AsyncDisposableStack()
  try {
    const upstreams = stack.use(await startUpstreams(group.services))
    const place = await makePlace(upstreams)
    stack.defer(() => rm(place.folder, { recursive: true, force: true }))
    const manifests = join(place.folder, 'manifests')
    await mkdir(manifests)
    await writeFile(join(manifests, 'all.yaml'), toYaml(...services(upstreams), ...group.manifests(place)))
    stack.use(
      await startNginx({
        program,
        place,
        upstreams,
        servers: group.nginx(place),
        modules: group.modules ?? [],
      }),
    )
    const flags = ['--compat', 'ingress-nginx', '--redirect-port', '443', ...(group.flags ?? [])]
    const postern = stack.use(await startPostern(manifests, flags))
    return {
      nginx: makeSide('nginx', place, upstreams),
      postern: makeSide('postern', postern, upstreams),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

export function services(upstreams: Upstreams) {
  return upstreams.services().flatMap(([name, ports]) => {
    return serviceAt(
      name,
      ports.map((port) => ({ address: '127.0.0.1', port })),
    )
  })
}

export async function makePlace(upstreams: Upstreams): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-parity-'))
  const { certPem, keyPem } = await (await makeAuthority()).issue('secure.example', '*.secure.example')
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  await writeFile(certFile, certPem)
  await writeFile(keyFile, keyPem)
  const [http, https] = [await closedPort(), await closedPort()]
  return { folder, http, https, port: upstreams.port, certPem, keyPem, certFile, keyFile }
}
