import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

declare module 'fastify' {
  interface FastifyInstance {
    /** What the health port shows under `/metrics`; a service adds its own numbers here. */
    readonly metrics: Registry
  }
}

/** Counts and times the requests of a service. */
export interface RequestTimes {
  /** `route` is the pattern, never the path: a client must not be able to make new time series. */
  observe(method: string, route: string | undefined, status: number, durationMs: number): void
}

/** From a health check's time to the longest that a client waits, in seconds. */
const BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Makes the numbers of a service: those of the process, and its requests by method, route and status, with the names that Prometheus recommends. */
export function createMetrics(service: string): {
  readonly registry: Registry
  readonly times: RequestTimes
} {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  return { registry, times: requestTimes(registry) }
}

function requestTimes(registry: Registry): RequestTimes {
  const labelNames = ['method', 'route', 'status'] as const
  const registers = [registry]
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames,
    registers,
    buckets: BUCKETS_S,
  })
  // The histogram counts already: this one reads it when somebody asks, instead of counting every request again.
  new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames,
    registers,
    async collect() {
      this.reset()
      for (const { metricName, labels, value } of (await seconds.get()).values)
        if (metricName?.endsWith('_count') === true) this.inc(labels, value)
    },
  })
  const series = new Map<string, Map<number, Map<string, Histogram.Internal<string>>>>()
  return {
    observe: (method, route = 'none', status, durationMs) => {
      const byStatus = getOrMake(series, route, () => new Map())
      const byMethod = getOrMake(byStatus, status, () => new Map())
      const one = getOrMake(byMethod, method, () => seconds.labels(method, route, String(status)))
      one.observe(durationMs / 1000)
    },
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
