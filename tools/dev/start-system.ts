// The whole start on one page: ports → certificates → build → processes → ready.
import { makeCertificates } from '../../certs/make-certificates.ts'
import type { FixedPorts } from './addresses.ts'
import { build } from './build.ts'
import type { Child } from './child.ts'
import { choosePorts } from './choose-ports.ts'
import { asDiskError } from './disk-error.ts'
import { followIngress } from './follow-ingress.ts'
import { placesOf, type PlaceOptions } from './places.ts'
import { forgetRunning, rememberRunning } from './running-file.ts'
import { startProcesses } from './start-processes.ts'
import { APPS } from './topology.ts'
import { StartError, waitUntilReady } from './wait-until-ready.ts'

export interface SystemOptions extends PlaceOptions {
  /** The demo token, the demo logins and the routes that exist only for the material. */
  readonly demo: boolean
  /** Runs src/main.ts of every app instead of dist/main.js. */
  readonly fromSource: boolean
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

// Longer than the gateway's drain; then the process is killed.
const STOP_GRACE_MS = 8000
const READY_TIMEOUT_MS = 60_000
// The page is always built: there is no source form of it that a browser takes.
const PAGE = 'apps/frontend/web'

/** Starts everything, or stops what it started and throws StartError with the part's name and reason. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const { portOffset, fromSource, demo, signal, onLine = () => undefined } = options
  const places = placesOf(options)
  const { root, stateFolder, ingressFolder, certsFolder } = places
  const step = stepper(options)

  const ports = await step('ports', () => choosePorts(portOffset, stateFolder), outcome.ports)
  const made = await step(
    'certificates',
    () => makeCertificates({ ingressFolder, folder: certsFolder }),
    outcome.made,
  )
  const folders = fromSource ? [PAGE] : [...new Set(APPS.map(({ folder }) => folder)), PAGE]
  await step('build', () => build(root, folders), String)
  const start = () =>
    startProcesses({ places, ports, certificates: made.certificates, demo, fromSource, onLine })
  const children = await step('processes', start, ({ length }) => `${length} started`)
  const waitMs = options.readyTimeoutMs ?? READY_TIMEOUT_MS
  const allReady = () => Promise.all(children.map((child) => waitUntilReady(child, waitMs, signal)))
  try {
    await step('ready', allReady, () => 'all answer')
  } catch (error) {
    await stopAll(children)
    throw error
  }

  await rememberRunning(stateFolder, { ports, children })
  const say = (line: string): void => onLine('certificates', line)
  const unfollow = followIngress({ places, certificates: made.certificates, say })
  const stop = async (): Promise<void> => {
    unfollow()
    await stopAll(children)
    await forgetRunning(stateFolder)
  }
  return { ports, authorityFile: made.authorityFile, children, stop }
}

const outcome = {
  ports: ({ https }: FixedPorts): string => `HTTPS on ${https}`,
  made: ({ made, kept }: { readonly made: readonly string[]; readonly kept: readonly string[] }): string =>
    `${made.length} made, ${kept.length} kept`,
}

async function stopAll(children: readonly Child[]): Promise<void> {
  for (const stage of [0, 1, 2, 3])
    await Promise.all(
      children.filter(({ plan }) => plan.stopStage === stage).map((child) => child.stop(STOP_GRACE_MS)),
    )
}

function stepper({ onStep, signal }: SystemOptions) {
  return async <T>(name: string, work: () => Promise<T>, describe: (result: T) => string): Promise<T> => {
    if (signal?.aborted) throw new StartError(`stopped before '${name}': ${String(signal.reason)}`)
    const from = performance.now()
    const result = await work().catch((error: unknown) => {
      throw asDiskError(name, error)
    })
    onStep?.(name, describe(result), performance.now() - from)
    return result
  }
}
