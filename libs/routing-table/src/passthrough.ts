import type { BackendId } from './backend.ts'
import type { ObjectRef } from './brand.ts'
import type { HostPattern } from './host.ts'
import type { RouteId } from './route.ts'

/**
 * TLS that is not ended here: whoever names the host in a handshake (SNI) is led to a backend, and what is said is not read.
 * Plain HTTP, and HTTPS under another server name, still follow the host's routes.
 */
export interface TlsPassthrough {
  /** An exact name. */
  readonly host: HostPattern
  /** Appears in logs, as a route's. */
  readonly id: RouteId
  /** Absent: nobody can be spoken to, and connections are closed. */
  readonly backend?: BackendId
  readonly connectMs: number
  /** Without a byte in either direction for so long a connection is closed. */
  readonly idleMs: number
  readonly accessLog: boolean
  readonly origin: ObjectRef
}
