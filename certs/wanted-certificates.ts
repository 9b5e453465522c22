// Which certificates the manifests ask for: one per TLS Secret that an Ingress names.
import { parseAllDocuments } from 'yaml'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A TLS Secret that must exist, and the names its certificate must carry. */
export interface WantedCertificate {
  readonly namespace: string
  readonly secretName: string
  readonly names: readonly string[]
}

/**
 * The Secret for names that no Ingress covers: direct addresses, and the Service names under which
 * the HTTPS examples of the material are called (`my-nginx`, `nginxsvc`).
 */
export const FALLBACK: WantedCertificate = {
  namespace: 'default',
  secretName: 'fallback-tls',
  names: ['localhost', '127.0.0.1', '::1', 'my-nginx', 'nginxsvc', '*.postern.test', '*.demo.localhost'],
}

/** Reads `folder` (recursively, .yaml and .yml) and returns the fallback and every TLS Secret of its Ingresses. */
export async function wantedCertificates(folder: string): Promise<readonly WantedCertificate[]> {
  const bySecret = new Map<string, Set<string>>()
  for (const file of await manifestFiles(folder)) {
    for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
      if (document.errors.length > 0) continue // the gateway reports a broken file with its line and column
      collect(document.toJS() as unknown, bySecret)
    }
  }
  const wanted = [...bySecret].map(([id, names]) => {
    const [namespace = 'default', secretName = ''] = id.split('/')
    return { namespace, secretName, names: [...names].sort() }
  })
  return [FALLBACK, ...wanted.sort((a, b) => (a.secretName < b.secretName ? -1 : 1))]
}

interface IngressLike {
  readonly kind?: unknown
  readonly metadata?: { readonly namespace?: string }
  readonly spec?: {
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[]
  }
}

function collect(object: unknown, bySecret: Map<string, Set<string>>): void {
  const ingress = object as IngressLike | null
  if (ingress?.kind !== 'Ingress' || !Array.isArray(ingress.spec?.tls)) return
  for (const { hosts, secretName } of ingress.spec.tls) {
    if (secretName === undefined || !Array.isArray(hosts) || hosts.length === 0) continue
    const id = `${ingress.metadata?.namespace ?? 'default'}/${secretName}`
    const names = bySecret.get(id) ?? new Set<string>()
    for (const host of hosts) names.add(String(host))
    bySecret.set(id, names)
  }
}

async function manifestFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
