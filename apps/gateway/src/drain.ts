import { setTimeout as pause } from 'node:timers/promises'
import type { Listener } from '@postern/exchange'
import type { Log } from './log.ts'
import type { ServeSettings } from './settings.ts'

export type DrainTimes = Pick<ServeSettings, 'drainDelayMs' | 'drainTimeoutMs'>

/**
 * Of listeners that are retired: accepts on for the delay, then stops accepting and waits until the last connection is gone;
 * cuts what is still open after the drain timeout.
 */
export async function drain(
  listeners: readonly Listener[],
  { drainDelayMs, drainTimeoutMs: timeoutMs }: DrainTimes,
  log: Log,
): Promise<void> {
  if (drainDelayMs > 0) await pause(drainDelayMs)
  const cut = setTimeout(() => {
    const connections = listeners.reduce((sum, listener) => sum + listener.connections(), 0)
    log.warn('drain timed out: open connections are cut', { connections, timeoutMs })
    for (const listener of listeners) listener.destroy()
  }, timeoutMs)
  await Promise.all(listeners.map((listener) => listener.stop()))
  clearTimeout(cut)
}
