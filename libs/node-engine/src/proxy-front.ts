import { createServer, type Server as TcpServer, type Socket } from 'node:net'
import type { Server } from 'node:http'
import { claimedClients } from './connection-facts.ts'
import { readProxyHeader } from './proxy-protocol.ts'

/** A listener that takes the PROXY header off each connection and hands the rest to `server`. */
export function proxyFront(server: Server, isTls: boolean, timeoutMs: number): TcpServer {
  return createServer({ noDelay: true }, (socket) => {
    let received = Buffer.alloc(0)
    socket.setTimeout(timeoutMs, () => socket.destroy())
    socket.once('error', () => socket.destroy())
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk])
      try {
        const header = readProxyHeader(received)
        if (header === undefined) return
        socket.off('data', onData).setTimeout(0)
        socket.pause()
        if (header.client !== undefined) claim(socket, header.client)
        const rest = received.subarray(header.length)
        if (rest.length > 0) socket.unshift(rest)
        server.emit('connection', socket)
        // A TLS server takes the waiting bytes out of the paused socket itself; resuming would lose them.
        if (!isTls) socket.resume()
      } catch {
        // Nobody who does not speak the protocol may be answered: its address would be taken for the client's.
        socket.destroy()
      }
    }
    socket.on('data', onData)
  })
}

function claim(socket: Socket, client: { readonly address: string; readonly port: number }): void {
  const key = `${socket.remoteAddress ?? ''} ${String(socket.remotePort ?? 0)}`
  claimedClients.set(key, client)
  socket.once('close', () => claimedClients.delete(key))
}
