import type { ObjectRef } from './brand.ts'
import type { Redacted } from './redacted.ts'
import type { BackendId, TemplatePart } from './backend.ts'
import type { UpstreamTls } from './route.ts'

/** One stage: every check that decides whether a client may pass. `satisfy: any` needs one of them, `all` every one. */
export interface AccessFilter {
  readonly kind: 'access'
  readonly satisfy: 'all' | 'any'
  readonly ip?: IpAccess
  readonly basic?: BasicAuth
  readonly external?: ExternalAuth
  readonly jwt?: JwtAuth
}

/** CIDR lists against the client's address. Deny is read before allow; a miss is 403. */
export interface IpAccess {
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

export interface BasicAuth {
  readonly realm: string
  /** User to hash, as htpasswd writes it. */
  readonly users: Redacted<ReadonlyMap<string, string>>
  readonly secret: ObjectRef
}

/** A subrequest decides: 2xx passes, 401 and 403 are passed on, everything else is a 500. */
export interface ExternalAuth {
  readonly url: readonly TemplatePart[]
  /** The Service that the URL names, when it is known: asked at its endpoints. Absent: the URL's host is looked up. */
  readonly backend?: BackendId
  /** How an `https:` service is verified; without a name of its own by the one in the URL. Absent: by the system's authorities. */
  readonly tls?: UpstreamTls
  readonly method?: string
  /** Where a 401 sends a browser. */
  readonly signinUrl?: readonly TemplatePart[]
  readonly signinRedirectParam: string
  /** Headers of the auth answer that are copied to the upstream request. */
  readonly responseHeaders: readonly string[]
  readonly requestRedirect?: readonly TemplatePart[]
  readonly alwaysSetCookie: boolean
  /** Headers that are added to the subrequest. */
  readonly requestHeaders: readonly (readonly [name: string, value: readonly TemplatePart[]])[]
  /** Keeps auth answers: `key` says for whom, `ttlMs` how long per status (0: any status). */
  readonly cache?: {
    readonly key: readonly TemplatePart[]
    readonly ttlMs: readonly (readonly [status: number, ttlMs: number])[]
  }
}

/** A JSON Web Token in `Authorization: Bearer` (RFC 6750), verified in process. */
export interface JwtAuth {
  readonly issuer?: string
  readonly audience?: readonly string[]
  readonly jwksUrl?: string
  readonly algorithms: readonly string[]
  readonly clockSkewS: number
  /** Claims that become request headers; what the client sent under those names is removed. */
  readonly claimHeaders: readonly (readonly [claim: string, header: string])[]
}
