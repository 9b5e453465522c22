import type { Server } from 'node:net'

/** Takes an accepted handle; `hasNoDelay` tells whether TCP_NODELAY is set on it already. */
export type Adopt = (handle: unknown, hasNoDelay: boolean) => void

type OnConnection = (this: unknown, error: number, handle: unknown) => void

/**
 * Takes accepted connections before Node makes sockets of them, so that ours is the only socket object and reads into our
 * buffers. Node does not document this way in: where it is not as expected, or fails for one connection, Node's own
 * goes on as if nothing had been tried.
 */
export function acceptHandles(server: Server, adopt: Adopt): void {
  const listening: unknown = Reflect.get(server, '_handle')
  if (typeof listening !== 'object' || listening === null) return
  const original: unknown = Reflect.get(listening, 'onconnection')
  if (typeof original !== 'function') return
  const hasNoDelay = passesNoDelayOn(listening)
  const onConnection: OnConnection = function (error, handle) {
    if (error !== 0 || !isTcp(handle)) return void Reflect.apply(original, this, [error, handle])
    try {
      adopt(handle, hasNoDelay)
    } catch {
      Reflect.set(listening, 'onconnection', original)
      Reflect.apply(original, this, [error, handle])
    }
  }
  Reflect.set(listening, 'onconnection', onConnection)
}

function isTcp(handle: unknown): boolean {
  return typeof handle === 'object' && handle !== null && 'readStart' in handle && 'useUserBuffer' in handle
}

// On Linux an accepted socket inherits TCP_NODELAY from the one that listens: one system call instead of one per connection.
function passesNoDelayOn(listening: object): boolean {
  const setNoDelay: unknown = Reflect.get(listening, 'setNoDelay')
  if (process.platform !== 'linux' || typeof setNoDelay !== 'function') return false
  return Reflect.apply(setNoDelay, listening, [true]) === 0
}
