import type { DataPlane } from '@postern/data-plane'
import { collectDefaultMetrics, Registry } from 'prom-client'

/** The gateway's own numbers, and the process's as every Prometheus client names them. */
export function metricsPage(dataPlane: DataPlane): () => Promise<string> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return async () => dataPlane.metricsText() + (await registry.metrics())
}
