import type { Listener } from '@postern/exchange'
import type { Log } from './log.ts'

/** Stops accepting and waits until the last connection is gone; cuts what is still open after `timeoutMs`. */
export async function drain(listeners: readonly Listener[], timeoutMs: number, log: Log): Promise<void> {
  const cut = setTimeout(() => {
    const connections = listeners.reduce((sum, listener) => sum + listener.connections(), 0)
    log.warn('drain timed out: open connections are cut', { connections, timeoutMs })
    for (const listener of listeners) listener.destroy()
  }, timeoutMs)
  await Promise.all(listeners.map((listener) => listener.stop()))
  clearTimeout(cut)
}
