import type { ListenerLimits } from '@postern/exchange'

/** nginx's defaults where it has them: 60 s for a head and between two reads of a body, 75 s and 1000 requests per connection. */
export const CLIENT_LIMITS: ListenerLimits = {
  headTimeoutMs: 60_000,
  bodyIdleTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
  maxHeadBytes: 32_768,
  maxHeaderCount: 200,
  maxRequestsPerConnection: 1_000,
  maxConnections: 16_384,
}
