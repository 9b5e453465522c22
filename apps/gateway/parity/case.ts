// What one file under cases/ says: a group of rules, how both gateways are told of it, and what is asked of both.
import type { ManifestObject } from '@postern/testing'
import type { Place } from './room/place.ts'
import type { Side } from './room/side.ts'

/**
 * How an endpoint of a Service behaves; `refused` has nobody at its port, `reset` hangs up on every request, `tls` shows a
 * certificate for `upstream.example` that nobody trusts without being told to, `full` lets nobody in for as long as anybody waits.
 */
export type EndpointKind = 'ok' | 'refused' | 'reset' | 'silent' | '503' | 'tls' | 'slow' | 'full'

export interface ParityCase {
  /** The group of rules, as the semantics paper names it. */
  readonly name: string
  /** Where the generated configuration that `nginx` follows was read: files and functions of kubernetes/ingress-nginx. */
  readonly source: string
  /** Services of the namespace `default`, with the endpoints of each. */
  readonly services: Readonly<Record<string, readonly EndpointKind[]>>
  /** Besides the Services and their EndpointSlices, which come from `services`. */
  readonly manifests: (place: Place) => readonly ManifestObject[]
  /** Certificates by name, with the DNS names that they are for. */
  readonly certificates?: Readonly<Record<string, readonly string[]>>
  /** Further flags of `postern serve`. */
  readonly flags?: readonly string[]
  /** What belongs into `http { }`: servers, maps and zones. */
  readonly nginx: (place: Place) => string
  /** What belongs into `stream { }`; needs the module. */
  readonly stream?: (place: Place) => string
  /** Dynamic modules of nginx without which the group cannot be played. */
  readonly modules?: readonly NginxModule[]
  readonly checks: readonly Check[]
}

export type NginxModule = 'lua' | 'headers-more' | 'stream'

/** One thing that is played against both gateways. */
export interface Check {
  readonly name: string
  /** What nginx does, in one line: so a configuration that does nothing at all cannot agree by accident. */
  readonly gives: string
  /** Lines that only one side has: `- ` nginx, `+ ` Postern. Empty: both do the same. */
  readonly differs: readonly string[]
  /** Why Postern does otherwise. */
  readonly because?: string
  readonly play: (side: Side) => Promise<Observation>
}

export interface Observation {
  readonly summary: string
  /** Everything else that must agree, one fact a line. */
  readonly details: readonly string[]
}

export interface Deviation {
  readonly lines: readonly string[]
  readonly because: string
}
