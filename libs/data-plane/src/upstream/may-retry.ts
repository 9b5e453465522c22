import type { GatewayError } from '@postern/exchange'
import type { RetryCondition, RetryPolicy } from '@postern/routing-table'
import type { Journey } from '../journey.ts'

// RFC 9110 §9.2.2 as nginx reads it: these may have been acted upon, so they are not sent twice.
const NON_IDEMPOTENT = new Set(['POST', 'LOCK', 'PATCH'])

/** Whether the next endpoint may be tried after this failure. */
export function mayRetry(policy: RetryPolicy, { exchange }: Journey, error: GatewayError): boolean {
  const condition = conditionOf(error)
  if (condition === undefined || !policy.conditions.includes(condition) || !exchange.body.replayable)
    return false
  return error.retrySafe || policy.nonIdempotent || !NON_IDEMPOTENT.has(exchange.method)
}

/** Whether the next endpoint may be tried instead of passing this answer on. */
export function mayRetryStatus(policy: RetryPolicy, { exchange }: Journey, status: number): boolean {
  if (status < 400 || !policy.conditions.some((condition) => condition === `http_${String(status)}`))
    return false
  return exchange.body.replayable && (policy.nonIdempotent || !NON_IDEMPOTENT.has(exchange.method))
}

function conditionOf(error: GatewayError): RetryCondition | undefined {
  switch (error.code) {
    case 'connect-timeout':
    case 'upstream-read-timeout':
    case 'upstream-send-timeout':
      return 'timeout'
    case 'connect-refused':
    case 'connect-failed':
    case 'upstream-tls':
    case 'upstream-reset':
      return 'error'
    case 'upstream-bad-response':
    case 'upstream-head-too-large':
      return 'invalid_header'
    default:
      return undefined
  }
}
