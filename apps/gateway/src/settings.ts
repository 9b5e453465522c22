import type { CompileSettings } from '@postern/control-plane'
import type { ListenAddress } from './listen-address.ts'
import type { LogFormat, LogLevel } from './log.ts'

export type EngineName = 'own' | 'node'

/** Everything that `postern serve` was told, parsed once. Nothing behind this point reads flags or the environment. */
export interface ServeSettings {
  readonly manifests: readonly string[]
  /** `undefined`: this listener is off. */
  readonly http: ListenAddress | undefined
  readonly https: ListenAddress | undefined
  readonly admin: ListenAddress | undefined
  readonly compile: CompileSettings
  /** Number in redirects to HTTPS; undefined: the port that HTTPS really listens on. */
  readonly redirectPort: number | undefined
  readonly workers: number
  /** Clients may ask with a Postern-Explain header what happened to their request. */
  readonly explainHeader?: boolean
  /** After SIGTERM: how long requests are still accepted, each answered with `Connection: close`. */
  readonly drainDelayMs: number
  readonly drainTimeoutMs: number
  /** `own`: libs/http-engine; `node`: the first engine, on node:http and undici. */
  readonly engine: EngineName
  readonly logFormat: LogFormat
  readonly logLevel: LogLevel
}
