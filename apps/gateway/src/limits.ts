import type { ListenerLimits } from '@postern/exchange'

/** nginx's defaults where it has them: 60 s for a head and between two reads of a body, 75 s and 1000 requests per connection. */
const CLIENT_LIMITS: ListenerLimits = {
  headTimeoutMs: 60_000,
  bodyIdleTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
  maxHeadBytes: 32_768,
  maxHeaderCount: 200,
  maxRequestsPerConnection: 1_000,
  maxConnections: 16_384,
}

/** The log, the admin port, watched folders, other processes. */
const OTHER_FILES = 256
/** Two listeners, each with a quarter more of those that are told that they are too many; and as many upstreams. */
const FILES_PER_CONNECTION = 2 * 1.25 + 1

/**
 * Who has no file left is told nothing: the system closes connections as they come, those of the admin port and of probes too.
 * So connections end before files do.
 */
export function clientLimits(openFiles: number): ListenerLimits {
  const kept = Math.min(OTHER_FILES, Math.ceil(openFiles / 4))
  const share = Math.max(1, Math.floor((openFiles - kept) / FILES_PER_CONNECTION))
  const maxConnections = Math.min(CLIENT_LIMITS.maxConnections, share)
  return { ...CLIENT_LIMITS, maxConnections, maxShed: Math.ceil(maxConnections / 4) }
}
