// A test in the cluster that, when it fails, also says what was asked last, what came, and what the Pods wrote last.
import { test } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { describeWorld } from './describe-world.ts'
import type { World } from './world.ts'

export type ClusterTest = (name: string, run: () => Promise<void>, timeoutMs?: number) => void

const TIMEOUT_MS = 300_000
/** Jest's own timeout would end the test without a word about the Pods. */
const TO_TELL_MS = 30_000

export function testIn(world: () => World): ClusterTest {
  return (name, run, timeoutMs = TIMEOUT_MS) => {
    const inTime = (): Promise<void> => withDeadline(run(), timeoutMs - TO_TELL_MS)
    test(
      name,
      async () => {
        const startedMs = Date.now()
        try {
          await inTime()
        } catch (error) {
          throw withReport(error, await report(world, startedMs))
        }
      },
      timeoutMs,
    )
  }
}

/** Whatever happens to it, the failure of the test itself is told. */
async function report(world: () => World, sinceMs: number): Promise<string> {
  try {
    return await describeWorld(world(), sinceMs)
  } catch (error) {
    return `what the Pods wrote cannot be told: ${String(error)}`
  }
}

async function withDeadline(work: Promise<void>, deadlineMs: number): Promise<void> {
  const over = new AbortController()
  const late = async (): Promise<never> => {
    await pause(deadlineMs, undefined, { signal: over.signal })
    throw new Error(`not done after ${deadlineMs} ms`)
  }
  try {
    await Promise.race([work, late()])
  } finally {
    over.abort()
  }
}

/** Between the message and the stack, where Jest shows it as a part of the message. */
function withReport(error: unknown, report: string): Error {
  const told = error instanceof Error ? error : new Error(String(error))
  const stack = told.stack ?? told.message
  const at = stack.search(/\n\s+at /)
  const [message, trace] = at === -1 ? [stack, ''] : [stack.slice(0, at), stack.slice(at)]
  told.stack = `${message}\n\n${report}\n${trace}`
  return told
}
