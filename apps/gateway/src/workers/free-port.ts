import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { formatAddress, type ListenAddress } from '../listen-address.ts'

/**
 * The address with a concrete port that nobody else has. Workers share a port, so that the system would let a stranger
 * share it too without a word; taking it alone for a moment shows whether it is free.
 */
export async function freePort(address: ListenAddress): Promise<ListenAddress> {
  const server = createServer()
  server.listen({ ...address, exclusive: true })
  try {
    await once(server, 'listening')
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    const why = isTaken ? 'is in use by another process' : 'cannot be listened on'
    throw new Error(
      `${formatAddress(address)} ${why}: stop it, or choose another port (0 takes a free one)`,
      { cause: error },
    )
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return { host: address.host, port }
}
