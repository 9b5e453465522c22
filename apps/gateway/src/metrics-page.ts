import type { DataPlane } from '@postern/data-plane'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** The gateway's own numbers, and the process's as every Prometheus client names them. */
export function metricsPage(dataPlane: DataPlane): () => Promise<string> {
  const registry = new Registry()
  // A finding is made when manifests change, and nothing may change for months: who watches time has to see it here.
  new Gauge({
    name: 'postern_certificate_expiration_timestamp_seconds',
    help: 'When each certificate in use ends, in seconds since the epoch.',
    labelNames: ['certificate'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { id, notAfter } of dataPlane.table().certificates)
        this.set({ certificate: id }, Date.parse(notAfter) / 1000)
    },
  })
  collectDefaultMetrics({ register: registry })
  return async () => dataPlane.metricsText() + (await registry.metrics())
}
