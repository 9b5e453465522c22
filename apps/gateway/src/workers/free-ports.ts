import { createServer, type AddressInfo, type Server } from 'node:net'
import { once } from 'node:events'
import { listenError } from '@postern/exchange'
import type { ListenAddress } from '../listen-address.ts'

/**
 * The addresses with concrete ports that nobody else has, nor two of them. Workers share their ports, so that the system would
 * let a stranger share them too without a word; taking them alone for a moment, all at once, shows whether they are free.
 */
export async function freePorts(
  ...addresses: readonly (ListenAddress | undefined)[]
): Promise<readonly (ListenAddress | undefined)[]> {
  const held: Server[] = []
  try {
    const free: (ListenAddress | undefined)[] = []
    for (const address of addresses) {
      const server = address && (await hold(address))
      if (server !== undefined) held.push(server)
      free.push(address && { host: address.host, port: (server?.address() as AddressInfo).port })
    }
    return free
  } finally {
    await Promise.all(held.map(letGo))
  }
}

function hold({ host, port }: ListenAddress): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)))
    server.listen({ host, port, exclusive: true }, () => resolve(server))
  })
}

async function letGo(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
