// OpenTelemetry's packages, in a module that only `telemetry.ts` imports, and only when traces are asked for: a bundle then
// holds them in a file of its own.
import { FastifyOtelInstrumentation } from '@fastify/otel'
import { NodeSDK } from '@opentelemetry/sdk-node'
import type { FastifyPluginCallback } from 'fastify'

/** Starts the SDK, which reads its `OTEL_…` variables; the plugin makes a span of every request. */
export function startTracing(service: string): {
  readonly sdk: NodeSDK
  readonly plugin: FastifyPluginCallback
} {
  const sdk = new NodeSDK({ serviceName: service })
  sdk.start()
  return { sdk, plugin: new FastifyOtelInstrumentation().plugin() }
}
