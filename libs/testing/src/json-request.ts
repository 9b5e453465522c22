import { keepSecrets } from './test-logs.ts'

/** A status, headers and a body that was JSON. */
export interface JsonReply {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** What a request carries. */
export interface JsonRequest {
  readonly method?: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends one request as the course's curl commands do, POST when it has a body; an empty answer has the body undefined. */
export async function requestJson(
  url: string,
  { method, body, token, headers }: JsonRequest = {},
): Promise<JsonReply> {
  keepSecrets({ body, token })
  const reply = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  const answer: unknown = text === '' ? undefined : JSON.parse(text)
  keepSecrets(answer, reply.headers.getSetCookie())
  return { status: reply.status, headers: reply.headers, body: answer }
}
