/** Settings of an engine. Times in milliseconds, sizes in bytes. */
export interface HttpEngineOptions {
  /**
   * `onread`: sockets read into shared buffers, accepted ones by adopting their handle, with `documented` as fallback where
   * Node does not let us. `documented`: `data` events only.
   */
  readonly transport?: 'onread' | 'documented'
  /** Milliseconds of a monotonic clock. */
  readonly clock?: () => number
  readonly maxRequestLineBytes?: number
  readonly maxTrailerBytes?: number
  /** Slowest body that is accepted once five seconds have passed, on average; 0 for no floor. */
  readonly minBodyBytesPerSecond?: number
  /**
   * Connections to one endpoint, tunnels among them; further requests wait up to their connect timeout. As many as the gateway
   * takes clients, unless told otherwise: fewer let those who ask for something slow keep everybody else from the endpoint.
   */
  readonly maxConnectionsPerEndpoint?: number
  readonly maxIdlePerEndpoint?: number
  /** How long an idle upstream connection is kept, unless the upstream says less. */
  readonly upstreamIdleMs?: number
  /** Read buffers of 72 KiB for large bodies under way. */
  readonly maxBodyBuffers?: number
}

export type EngineSettings = Required<HttpEngineOptions>

export function engineSettings(options: HttpEngineOptions): EngineSettings {
  return {
    transport: options.transport ?? 'onread',
    clock: options.clock ?? (() => performance.now()),
    maxRequestLineBytes: options.maxRequestLineBytes ?? 8192,
    maxTrailerBytes: options.maxTrailerBytes ?? 8192,
    minBodyBytesPerSecond: options.minBodyBytesPerSecond ?? 240,
    maxConnectionsPerEndpoint: options.maxConnectionsPerEndpoint ?? 16_384,
    maxIdlePerEndpoint: options.maxIdlePerEndpoint ?? 256,
    upstreamIdleMs: options.upstreamIdleMs ?? 60_000,
    maxBodyBuffers: options.maxBodyBuffers ?? 256,
  }
}
