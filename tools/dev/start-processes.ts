import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MadeCertificate } from '../../certs/make-certificates.ts'
import { hasManyLoopbackAddresses, type FixedPorts } from './addresses.ts'
import { startChild, type Child } from './child.ts'
import { writeLocalManifests } from './local-manifests.ts'
import type { Places } from './places.ts'
import { planApps } from './plan-apps.ts'
import { APPS } from './topology.ts'

export interface ProcessOptions {
  readonly places: Places
  readonly ports: FixedPorts
  readonly certificates: readonly MadeCertificate[]
  readonly demo: boolean
  readonly fromSource: boolean
  readonly onLine: (app: string, line: string) => void
}

/** Plans every app, writes what the gateway has to know about them, and starts them all at once. */
export async function startProcesses(options: ProcessOptions): Promise<readonly Child[]> {
  const { places, ports, certificates, demo, fromSource, onLine } = options
  const { root, dataFolder, manifestsFolder, servicesFolder, ingressFolder } = places
  // Password hashes, signing keys and tasks: for their owner only.
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const apps = await planApps(APPS, {
    ports,
    demo,
    dataFolder,
    labSecretFile: await labSecret(dataFolder),
    manifestFolders: [ingressFolder, servicesFolder, manifestsFolder],
    manyLoopbacks: await hasManyLoopbackAddresses(),
  })
  await writeLocalManifests({ folder: manifestsFolder, servicesFolder, apps, certificates })
  return apps.map((app) => startChild(app, { root, fromSource, onLine }))
}

/** A key of our own for the lab's tokens, kept from one start to the next. */
async function labSecret(folder: string): Promise<string> {
  const file = join(folder, 'lab-secret')
  await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  return file
}
