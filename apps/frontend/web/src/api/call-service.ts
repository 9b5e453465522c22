/** A call that did not succeed; the message is for the person at the page. */
export class ServiceError extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ServiceError'
    this.status = status
  }
}

/** One call to a service. */
export interface ServiceCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly token?: string
  /** The entity tag of what the call is meant for; anything newer is left alone and the call refused with 412. */
  readonly ifMatch?: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/**
 * Sends the call and returns the body of its answer.
 * Throws {@link ServiceError} with the service's own `message` where it sent one. An aborted call throws the signal's reason.
 */
export async function callService(
  { method, url, token, ifMatch, body, signal }: ServiceCall,
  send: typeof fetch = fetch,
): Promise<Record<string, unknown>> {
  const headers = new Headers({ accept: 'application/json' })
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (ifMatch !== undefined) headers.set('if-match', ifMatch)
  if (body !== undefined) headers.set('content-type', 'application/json')
  const reply = await send(url, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
    // The token goes in the header; no cookie is sent to another origin, and none is needed at home.
    credentials: 'same-origin',
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw signal.reason
    const message = 'The server could not be reached. Check your connection and try again.'
    throw new ServiceError(0, message, { cause })
  })
  const answer = await readObject(reply)
  if (reply.ok && answer !== undefined) return answer
  throw new ServiceError(reply.status, messageOf(reply.status, answer))
}

async function readObject(reply: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = await reply.json()
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function messageOf(status: number, answer: Record<string, unknown> | undefined): string {
  const message = answer?.['message']
  if (typeof message === 'string' && message !== '') return message
  return `The server gave an answer that this page does not understand (status ${status}). Please try again later.`
}
