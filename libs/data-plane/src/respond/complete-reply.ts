import type { Reply } from '@postern/exchange'
import type { Journey } from '../journey.ts'
import { Refusal } from '../reply.ts'
import { problemBody } from './problem-body.ts'

/** Gives a refusal its body; other replies are complete. */
export function completeReply(reply: Reply, { exchange, requestId }: Journey): Reply {
  if (!(reply instanceof Refusal) || reply.status < 400) return reply
  const { type, body } = problemBody(reply.status, exchange.headers.get('accept'), requestId)
  return { status: reply.status, headers: [['Content-Type', type], ...reply.headers], body }
}
