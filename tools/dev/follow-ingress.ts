// A host that is added to ingress/ while the system runs gets its certificate at once, not at the next start.
import { watch } from 'node:fs'
import { makeCertificates, type MadeCertificate } from '../../certs/make-certificates.ts'
import { writeTlsSecrets } from './local-manifests.ts'
import type { Places } from './places.ts'

export interface FollowOptions {
  readonly places: Places
  readonly certificates: readonly MadeCertificate[]
  readonly say: (line: string) => void
}

// An editor writes several times; the gateway looks for quiet too.
const QUIET_MS = 100

/** Watches until the returned function is called. */
export function followIngress(options: FollowOptions): () => void {
  const { ingressFolder, certsFolder, manifestsFolder } = options.places
  const onError = (error: unknown): void =>
    options.say(`not made: ${error instanceof Error ? error.message : String(error)}`)
  // A file that is broken at the moment names no Secrets; those it named before stay.
  const known = new Map(options.certificates.map((one) => [idOf(one), one]))

  const update = async (): Promise<void> => {
    const { certificates, made } = await makeCertificates({ ingressFolder, folder: certsFolder })
    const isNew = certificates.some((one) => known.get(idOf(one))?.cert !== one.cert)
    if (!isNew) return
    for (const one of certificates) known.set(idOf(one), one)
    await writeTlsSecrets(manifestsFolder, [...known.values()])
    options.say(`made ${made.join(', ')}: the hosts of the manifests changed`)
  }

  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const watcher = watch(ingressFolder, { recursive: true, persistent: false }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => (running = running.then(update).catch(onError)), QUIET_MS)
  })
  watcher.on('error', onError)
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}

function idOf({ namespace, secretName }: MadeCertificate): string {
  return `${namespace}/${secretName}`
}
