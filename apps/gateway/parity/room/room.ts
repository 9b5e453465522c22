import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closedPort, makeAuthority, serviceAt, toYaml } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { startNginx } from './nginx.ts'
import type { Place, PlacedCertificate } from './place.ts'
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
    const place = await makePlace(upstreams, group.certificates)
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
        ...(group.stream && { stream: group.stream(place) }),
        modules: group.modules ?? [],
      }),
    )
    const flags = ['--compat', 'ingress-nginx', '--redirect-port', '443', ...(group.flags ?? [])]
    const postern = stack.use(await startPostern(manifests, flags))
    return {
      nginx: makeSide('nginx', place, upstreams, place, () => readLog(place)),
      postern: makeSide('postern', postern, upstreams, place, () => Promise.resolve(postern.output())),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function readLog({ folder }: Place): Promise<string> {
  try {
    return await readFile(join(folder, 'access.log'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
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

export async function makePlace(
  upstreams: Upstreams,
  wanted: Readonly<Record<string, readonly string[]>> = {},
): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-parity-'))
  const [authority, foreign] = [await makeAuthority(), await makeAuthority('Foreign Authority')]
  // The name of ours, and another key.
  const forged = await makeAuthority()
  const below = await authority.subordinate('Below')
  const issuers = [
    ['foreign', foreign],
    ['forged', forged],
    ['below', below],
    ['far', await below.subordinate('Far Below')],
  ] as const
  const placed = new Map<string, PlacedCertificate>()
  for (const [name, names] of Object.entries({ cert: ['secure.example', '*.secure.example'], ...wanted })) {
    const issuer = issuers.find(([start]) => name.startsWith(start))?.[1] ?? authority
    const issued = await issuer.issue(...names)
    const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
    await writeFile(certFile, issued.certPem)
    await writeFile(keyFile, issued.keyPem)
    placed.set(name, { ...issued, certFile, keyFile })
  }
  const certificate = (name: string): PlacedCertificate => {
    const found = placed.get(name)
    if (found === undefined) throw new RangeError(`no certificate ${name} in this case`)
    return found
  }
  const authorityFile = join(folder, 'authority.pem')
  await writeFile(authorityFile, authority.certPem)
  const upstreamAuthorityFile = join(folder, 'upstream-authority.pem')
  await writeFile(upstreamAuthorityFile, upstreams.authorityPem)
  const [http, https] = [await closedPort(), await closedPort()]
  const { port } = upstreams
  const shared = certificate('cert')
  return {
    ...{ folder, http, https, port, ...shared, certificate },
    ...{ authorityPem: authority.certPem, authorityFile },
    ...{ upstreamAuthorityPem: upstreams.authorityPem, upstreamAuthorityFile },
  }
}
