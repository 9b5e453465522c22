import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import { unavailable } from './unavailable.ts'

const SAMPLE_MS = 500

/** Refuses requests with 503 and `Retry-After` while the event loop is late by more than the limit, instead of letting them queue. */
export function shedOverload(app: FastifyInstance, eventLoopDelayLimitMs: number): void {
  if (eventLoopDelayLimitMs === 0) return
  app.register(underPressure, {
    maxEventLoopDelay: eventLoopDelayLimitMs,
    sampleInterval: SAMPLE_MS,
    pressureHandler: (_request, _reply, type, value) => {
      throw unavailable(
        'The service is busy, please try again later.',
        new Error(`under pressure: ${type} ${value}`),
      )
    },
  })
}
