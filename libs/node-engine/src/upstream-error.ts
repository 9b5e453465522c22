import { GatewayError, type GatewayErrorCode } from '@postern/exchange'

// What undici and Node call the failures of an upstream, in our words.
const BY_CODE: Readonly<Record<string, GatewayErrorCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ECONNREFUSED: 'connect-refused',
  EHOSTUNREACH: 'connect-failed',
  ENETUNREACH: 'connect-failed',
  EADDRNOTAVAIL: 'connect-failed',
  ENOTFOUND: 'connect-failed',
  EMFILE: 'overloaded',
  UND_ERR_HEADERS_TIMEOUT: 'upstream-read-timeout',
  UND_ERR_BODY_TIMEOUT: 'upstream-read-timeout',
  UND_ERR_HEADERS_OVERFLOW: 'upstream-head-too-large',
  HPE_HEADER_OVERFLOW: 'upstream-head-too-large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'upstream-bad-response',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'upstream-bad-response',
}

const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/

/** Names a failure of an attempt. `connected` tells whether the request may have reached the upstream. */
export function upstreamError(error: unknown, connected: boolean): GatewayError {
  if (error instanceof GatewayError) return error
  const code = textOf(error, 'code')
  const detail = textOf(error, 'message') || String(error)
  return new GatewayError(nameOf(code, error, connected), { cause: error, detail, retrySafe: !connected })
}

function nameOf(code: string, error: unknown, connected: boolean): GatewayErrorCode {
  const known = BY_CODE[code]
  if (known !== undefined) return known
  if (TLS_CODE.test(code)) return 'upstream-tls'
  if (code.startsWith('HPE_') || textOf(error, 'name') === 'HTTPParserError') {
    return 'upstream-bad-response'
  }
  if (code.startsWith('UND_ERR_INVALID') || code === 'UND_ERR_NOT_SUPPORTED') return 'internal'
  return connected ? 'upstream-reset' : 'connect-failed'
}

function textOf(error: unknown, key: 'code' | 'message' | 'name'): string {
  if (typeof error !== 'object' || error === null) return ''
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' ? value : ''
}
