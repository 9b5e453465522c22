import { connect } from 'node:net'
import type { Endpoint } from '@postern/routing-table'
import type { EngineParts } from '../engine-parts.ts'
import { IDLE_OWNER, Wire } from '../wire/wire.ts'

/** A connection that nobody speaks over yet, or why there is none. */
export function reachEndpoint(
  { address, port }: Endpoint,
  timeoutMs: number,
  { outbox, buffers, deadlines }: EngineParts,
): Promise<Wire | string> {
  const wire = new Wire(IDLE_OWNER, outbox)
  const onread = buffers === undefined ? {} : { onread: wire.reading(buffers) }
  const socket = connect({ host: address, port, noDelay: true, allowHalfOpen: true, ...onread })
  wire.attach(socket)
  const late = `no connection to ${address}:${String(port)} within ${String(timeoutMs)} ms`
  const timed = {
    deadline: deadlines.exact() + timeoutMs,
    expired: () => void socket.destroy(new Error(late)),
  }
  deadlines.watch(timed)
  return new Promise((resolve) => {
    const settle = (reached: Wire | string): void => {
      deadlines.forget(timed)
      resolve(reached)
    }
    socket.once('connect', () => settle(wire))
    socket.once('error', (error) => settle(error.message))
  })
}
