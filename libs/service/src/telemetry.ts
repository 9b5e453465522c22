import type { FastifyInstance, FastifyPluginAsync } from 'fastify'

/**
 * Traces requests with OpenTelemetry when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; the SDK reads it and every other `OTEL_…`
 * variable itself. It costs most of a second and 50 MB, so without an endpoint nothing of it is loaded.
 */
export function trace(app: FastifyInstance, service: string, endpoint: string | undefined): void {
  if (endpoint === undefined) return
  const load: FastifyPluginAsync = async (scope) => {
    const { startTracing } = await import('./tracing.ts')
    const { sdk, plugin } = startTracing(service)
    await scope.register(plugin)
    scope.addHook('onClose', () => sdk.shutdown())
  }
  // Without a scope of its own, so that it sees every route (https://fastify.dev/docs/latest/Reference/Plugins-Guide/).
  app.register(Object.assign(load, { [Symbol.for('skip-override')]: true }))
}
