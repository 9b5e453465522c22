import type { FastifyInstance } from 'fastify'
import { HttpProblem } from './http-problem.ts'
import { createOverloadDetector } from './overload-detector.ts'

/** What `shedOverload` knows of time; injected in tests. */
export interface Ticker {
  now(): number
  /** Calls back again and again until what it gives is called. */
  every(ms: number, tick: () => void): () => void
}

/** The code of the refusal. */
export const OVERLOADED = 'overloaded'

const SAMPLE_MS = 100
const SUSTAINED_MS = 1_000
/** Seconds after which a client may try again: the queue is gone by then. */
const RETRY_AFTER_S = '2'

const realTime: Ticker = {
  now: () => performance.now(),
  every: (ms, tick) => {
    const timer = setInterval(tick, ms).unref()
    return () => {
      clearInterval(timer)
    }
  },
}

/**
 * Refuses requests with 503 and `Retry-After`, instead of letting them queue, while the event loop has been late by the limit for a
 * second without a break. The log tells when that begins and ends: a line for each refusal would be work when there is too much.
 */
export function shedOverload(app: FastifyInstance, limitMs: number, time: Ticker = realTime): void {
  if (limitMs === 0) return
  const detector = createOverloadDetector({ limitMs, sustainedMs: SUSTAINED_MS })
  let overloaded = false
  let refused = 0
  let lastMs = time.now()
  const tick = (): void => {
    const nowMs = time.now()
    const lateMs = nowMs - lastMs - SAMPLE_MS
    lastMs = nowMs
    const before = overloaded
    overloaded = detector.observe(lateMs, nowMs)
    if (overloaded === before) return
    if (overloaded) app.log.warn(`the event loop is late by ${Math.round(lateMs)} ms: requests are refused`)
    else app.log.info(`the event loop is on time again; ${refused} requests were refused`)
    refused = 0
  }
  // Starting costs more than anything afterwards, and nobody waits yet.
  let stop: (() => void) | undefined
  app.addHook('onReady', async () => {
    lastMs = time.now()
    stop = time.every(SAMPLE_MS, tick)
  })
  app.addHook('onClose', async () => stop?.())
  app.addHook('onRequest', (_request, _reply, done) => {
    if (!overloaded) {
      done()
      return
    }
    refused += 1
    done(refusal())
  })
}

function refusal(): HttpProblem {
  const headers = { 'retry-after': RETRY_AFTER_S }
  return new HttpProblem(503, OVERLOADED, 'The service is busy, please try again later.', { headers })
}
