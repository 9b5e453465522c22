import type { Socket } from 'node:net'

/** Who is at the other end of a connection. */
export interface Peer {
  readonly address: string
  readonly port: number
}

// A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d; allow-lists are written with the plain address.
export function peerOf(socket: Socket): Peer {
  const address = socket.remoteAddress ?? ''
  const isMapped = address.startsWith('::ffff:') && address.includes('.')
  return { address: isMapped ? address.slice(7) : address, port: socket.remotePort ?? 0 }
}
