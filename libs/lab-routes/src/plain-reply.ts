import type { FastifyReply } from 'fastify'

/** Go's content sniffing calls every answer of the lab's originals plain text; JSON readers do not mind. */
const PLAIN = 'text/plain; charset=utf-8'

/** Answers with plain text, exactly as given. */
export function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type(PLAIN).send(text)
}

/** Answers with one JSON document and a line feed, as Go's `json.Encoder` writes it. */
export function sendLine(reply: FastifyReply, value: unknown): FastifyReply {
  return sendText(reply, `${JSON.stringify(value)}\n`)
}

/** The one refusal of the lab: 401, the same text for every cause, no `WWW-Authenticate` (the original sends none). */
export function sendAuthorizationFailed(reply: FastifyReply): FastifyReply {
  return sendText(reply.code(401).header('cache-control', 'no-store'), 'authorization failed\n')
}
