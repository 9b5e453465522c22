import type { FastifyInstance } from 'fastify'
import { watchAcceptQueue, type AcceptQueue } from './accept-queue.ts'
import { HttpProblem } from './http-problem.ts'
import { createOverloadDetector } from './overload-detector.ts'

/** What `shedOverload` knows of time; injected in tests. */
export interface Ticker {
  now(): number
  /** Calls back again and again until what it gives is called. */
  every(ms: number, tick: () => void): () => void
  /** Whether the event loop has hardly rested since this was asked before. */
  busy(): boolean
}

/** The code of the refusal. */
export const OVERLOADED = 'overloaded'

const SAMPLE_MS = 100
const SUSTAINED_MS = 1_000
/** Seconds after which a client may try again: the queue is gone by then. */
const RETRY_AFTER_S = '2'

/** An event loop that never waits for anything is one that others wait for. */
const BUSY = 0.9

const realTime = (): Ticker => ({
  busy: busyEventLoop(),
  now: () => performance.now(),
  every: (ms, tick) => {
    const timer = setInterval(tick, ms).unref()
    return () => {
      clearInterval(timer)
    }
  },
})

function busyEventLoop(): () => boolean {
  let last = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization > BUSY
  }
}

/**
 * Refuses requests with 503 and `Retry-After`, instead of letting them queue, while they have had to wait by the limit for a second
 * without a break: for an event loop that is late, or to be accepted by one that is busy. The log tells when that begins and ends: a
 * line for each refusal would be work when there is too much.
 */
export function shedOverload(
  app: FastifyInstance,
  limitMs: number,
  time: Ticker = realTime(),
  measured?: AcceptQueue,
): void {
  if (limitMs === 0) return
  const queue = measured ?? watchAcceptQueue(app.server, time.now)
  const detector = createOverloadDetector({ limitMs, sustainedMs: SUSTAINED_MS })
  let overloaded = false
  let refused = 0
  let lastMs = time.now()
  const tick = (): void => {
    const nowMs = time.now()
    const lateMs = nowMs - lastMs - SAMPLE_MS
    lastMs = nowMs
    const waitMs = Math.max(lateMs, acceptWaitMs(time, queue))
    const before = overloaded
    overloaded = detector.observe(waitMs, nowMs)
    if (overloaded === before) return
    if (overloaded) app.log.warn(`requests have to wait for ${Math.round(waitMs)} ms: they are refused`)
    else app.log.info(`requests are served in time again; ${refused} were refused`)
    refused = 0
  }
  // Starting costs more than anything afterwards, and nobody waits yet.
  let stop: (() => void) | undefined
  app.addHook('onReady', async () => {
    lastMs = time.now()
    stop = time.every(SAMPLE_MS, tick)
  })
  app.addHook('onClose', async () => {
    stop?.()
    queue.rest()
  })
  app.addHook('onRequest', (_request, _reply, done) => {
    if (!overloaded) {
      done()
      return
    }
    refused += 1
    done(refusal())
  })
}

/** Who has rest accepts at once: there is nothing to measure, and an idle service does nothing. */
function acceptWaitMs(time: Ticker, queue: AcceptQueue): number {
  if (time.busy()) return queue.measureMs()
  queue.rest()
  return 0
}

function refusal(): HttpProblem {
  const headers = { 'retry-after': RETRY_AFTER_S }
  return new HttpProblem(503, OVERLOADED, 'The service is busy, please try again later.', { headers })
}
