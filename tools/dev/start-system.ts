// The whole start on one page: ports → certificates → build → plan → manifests → processes → ready.
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeCertificates } from '../../certs/make-certificates.ts'
import { hasManyLoopbackAddresses, type FixedPorts } from './addresses.ts'
import { build } from './build.ts'
import { choosePorts } from './choose-ports.ts'
import { startChild, type Child } from './child.ts'
import { writeLocalManifests } from './local-manifests.ts'
import { planApps } from './plan-apps.ts'
import { forgetRunning, rememberRunning } from './running-file.ts'
import { APPS } from './topology.ts'
import { StartError, waitUntilReady } from './wait-until-ready.ts'

export interface SystemOptions {
  /** The checkout. */
  readonly root: string
  /** Moves every fixed port by as much. */
  readonly portOffset: number
  readonly demo: boolean
  /** Runs src/main.ts of every app instead of dist/main.js. */
  readonly fromSource: boolean
  /** Where data and written manifests live. */
  readonly stateFolder: string
  /** Default: certs/ and ingress/ of the checkout. */
  readonly certsFolder?: string
  readonly ingressFolder?: string
  readonly readyTimeoutMs?: number
  /** Ends a start that is under way: what it started is stopped again. */
  readonly signal?: AbortSignal
  readonly onStep?: (step: string, outcome: string, tookMs: number) => void
  readonly onLine?: (app: string, line: string) => void
}

export interface RunningSystem {
  readonly ports: FixedPorts
  /** The certificate of the development authority, for curl --cacert. */
  readonly authorityFile: string
  readonly children: readonly Child[]
  /** Stops callers before what they call; resolves when no process is left. */
  stop(): Promise<void>
}

// The gateway's drain ends open requests within this; then the process is killed.
const STOP_GRACE_MS = 8000
const READY_TIMEOUT_MS = 60_000

/** Starts everything, or stops what it started and throws StartError with the part's name and reason. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const { root, stateFolder, fromSource, demo } = options
  const step = stepper(options)
  const ingressFolder = options.ingressFolder ?? join(root, 'ingress')
  const servicesFolder = join(root, 'deploy/base')
  const manifestsFolder = join(stateFolder, 'manifests')
  const dataFolder = join(stateFolder, 'data')

  const ports = await step(
    'ports',
    () => choosePorts(options.portOffset, stateFolder),
    ({ https }) => `HTTPS on ${https}`,
  )
  const certificates = await step(
    'certificates',
    () => makeCertificates({ ingressFolder, folder: options.certsFolder ?? join(root, 'certs') }),
    ({ made, kept }) => `${made.length} made, ${kept.length} kept`,
  )
  // The page is always built: there is no source form of it that a browser takes.
  const toBuild = fromSource ? [] : [...new Set(APPS.map(({ folder }) => folder))]
  await step(
    'build',
    () => build(root, [...toBuild, 'apps/frontend/web']),
    (outcome) => outcome,
  )

  const children = await step(
    'processes',
    async () => {
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
      await writeLocalManifests({
        folder: manifestsFolder,
        servicesFolder,
        apps,
        certificates: certificates.certificates,
      })
      const onLine = options.onLine ?? (() => undefined)
      return apps.map((app) => startChild(app, { root, fromSource, onLine }))
    },
    (started) => `${started.length} started`,
  )
  const stop = async (): Promise<void> => {
    await stopAll(children)
    await forgetRunning(stateFolder)
  }
  try {
    const timeoutMs = options.readyTimeoutMs ?? READY_TIMEOUT_MS
    await step(
      'ready',
      () => Promise.all(children.map((child) => waitUntilReady(child, timeoutMs, options.signal))),
      () => 'all answer',
    )
  } catch (error) {
    await stop()
    throw error
  }
  await rememberRunning(stateFolder, { ports, children })
  return { ports, authorityFile: certificates.authorityFile, children, stop }
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

async function stopAll(children: readonly Child[]): Promise<void> {
  for (const stage of [0, 1, 2, 3])
    await Promise.all(
      children.filter(({ plan }) => plan.stopStage === stage).map((child) => child.stop(STOP_GRACE_MS)),
    )
}

function stepper({ onStep, signal }: SystemOptions) {
  return async <T>(name: string, work: () => Promise<T>, outcome: (result: T) => string): Promise<T> => {
    if (signal?.aborted) throw new StartError(`stopped before '${name}': ${String(signal.reason)}`)
    const from = performance.now()
    const result = await work()
    onStep?.(name, outcome(result), performance.now() - from)
    return result
  }
}
