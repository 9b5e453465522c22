import type { Reply } from '@postern/exchange'

/** An answer without a body. */
export function emptyReply(status: number, ...headers: readonly (readonly [string, string])[]): Reply {
  return { status, headers, body: '' }
}

/** Sends the client elsewhere. */
export function redirectTo(status: number, location: string): Reply {
  // A client's path may hold anything but a line break by now; a template of the manifest may hold that too.
  return emptyReply(status, ['Location', location.replace(/[\r\n]/g, '')])
}

/**
 * A refusal that still needs its body: `answer` writes it in the form that the client accepts. `reason` goes to the log
 * and never to the client.
 */
export class Refusal implements Reply {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body = ''
  readonly reason: string

  constructor(status: number, reason: string, headers: readonly (readonly [string, string])[] = []) {
    this.status = status
    this.reason = reason
    this.headers = headers
  }
}
