import { GatewayError, type GatewayErrorCode } from '@postern/exchange'

const CONNECT_CODES: Readonly<Record<string, GatewayErrorCode>> = {
  ECONNREFUSED: 'connect-refused',
  ETIMEDOUT: 'connect-timeout',
  EMFILE: 'overloaded',
  ENFILE: 'overloaded',
}

/** Names the failure of a connection that never stood: nothing of any request has left, so another attempt is safe. */
export function connectError(cause: Error | undefined, isTls: boolean, hadTcp: boolean): GatewayError {
  const code = cause !== undefined && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const name = CONNECT_CODES[code] ?? (isTls && hadTcp ? 'upstream-tls' : 'connect-failed')
  return new GatewayError(name, {
    retrySafe: true,
    cause,
    detail: cause?.message ?? 'the connection closed before it stood',
  })
}

/** Names the failure of a connection that stood and closed before its answer was complete. */
export function resetError(cause: Error | undefined, retrySafe: boolean): GatewayError {
  return new GatewayError('upstream-reset', {
    retrySafe,
    cause,
    detail: cause?.message ?? 'the upstream closed the connection',
  })
}
