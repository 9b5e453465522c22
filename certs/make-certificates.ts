// Makes the development certificates once and keeps them while they are good.
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isIP } from 'node:net'
import { issueAuthority, issueLeaf, type KeyPair } from './issue.ts'
import { wantedCertificates, type WantedCertificate } from './wanted-certificates.ts'

/** A certificate on disk, with the Secret it belongs to. */
export interface MadeCertificate extends WantedCertificate, KeyPair {
  readonly file: string
}

/** `made` and `kept` name the files, so that a start can say what it did. */
export interface MadeCertificates {
  readonly authorityFile: string
  readonly certificates: readonly MadeCertificate[]
  readonly made: readonly string[]
  readonly kept: readonly string[]
}

const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1000

/**
 * Writes `ca.crt` and one `<secret>.crt`/`.key` per TLS Secret of the manifests in `ingressFolder` to `folder`.
 * What is there stays as long as it is signed by the authority, carries exactly the wanted names and is valid for 30 more days.
 */
export async function makeCertificates(options: {
  readonly ingressFolder: string
  readonly folder: string
  readonly nowMs?: number
}): Promise<MadeCertificates> {
  const { folder, ingressFolder, nowMs = Date.now() } = options
  await mkdir(folder, { recursive: true })
  const made: string[] = []
  const kept: string[] = []

  const authorityFile = join(folder, 'ca.crt')
  let authority = await readPair(folder, 'ca')
  if (authority === undefined || !isUsable(authority, nowMs)) {
    authority = await issueAuthority(
      `Postern development authority ${new Date(nowMs).toISOString().slice(0, 10)}`,
    )
    await writePair(folder, 'ca', authority)
    made.push('ca.crt')
  } else kept.push('ca.crt')

  const certificates: MadeCertificate[] = []
  for (const wanted of await wantedCertificates(ingressFolder)) {
    const name =
      wanted.namespace === 'default' ? wanted.secretName : `${wanted.namespace}.${wanted.secretName}`
    let pair = await readPair(folder, name)
    if (pair !== undefined && isUsable(pair, nowMs) && fits(pair, wanted.names, authority))
      kept.push(`${name}.crt`)
    else {
      pair = await issueLeaf({ commonName: wanted.names[0] ?? name, names: wanted.names }, authority)
      await writePair(folder, name, pair)
      made.push(`${name}.crt`)
    }
    certificates.push({ ...wanted, ...pair, file: join(folder, `${name}.crt`) })
  }
  return { authorityFile, certificates, made, kept }
}

/** Key and certificate belong together and are valid now and for the next 30 days. */
function isUsable(pair: KeyPair, nowMs: number): boolean {
  try {
    const x509 = new X509Certificate(pair.cert)
    const isCurrent =
      x509.validFromDate.getTime() <= nowMs && x509.validToDate.getTime() - nowMs > RENEW_BEFORE_MS
    return isCurrent && x509.checkPrivateKey(createPrivateKey(pair.key))
  } catch {
    return false // Not PEM, or cut short by a full disk: it is made again.
  }
}

function fits(pair: KeyPair, names: readonly string[], authority: KeyPair): boolean {
  const x509 = new X509Certificate(pair.cert)
  const isOurs = x509.verify(new X509Certificate(authority.cert).publicKey)
  const carried = (x509.subjectAltName ?? '')
    .split(', ')
    .map((entry) => entry.replace(/^(DNS|IP Address):/, ''))
  return isOurs && sameNames(carried, names)
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  const key = (names: readonly string[]) => names.map(comparableName).sort().join(' ')
  return key(left) === key(right)
}

/** Node prints ::1 as 0:0:0:0:0:0:0:1; the URL parser writes both alike. */
function comparableName(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]/`).hostname : name.toLowerCase()
}

async function readPair(folder: string, name: string): Promise<KeyPair | undefined> {
  try {
    const [cert, key] = await Promise.all([
      readFile(join(folder, `${name}.crt`), 'utf8'),
      readFile(join(folder, `${name}.key`), 'utf8'),
    ])
    return { cert, key }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function writePair(folder: string, name: string, pair: KeyPair): Promise<void> {
  await writeAtomically(join(folder, `${name}.key`), pair.key, 0o600)
  await writeAtomically(join(folder, `${name}.crt`), pair.cert, 0o644)
}

async function writeAtomically(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, text, { mode })
  await rename(temporary, file)
}
